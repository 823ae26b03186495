/* One walk through the application in one language. Each check is counted; one that fails leaves a screenshot and the walk goes on. */
import { join } from 'node:path'

const EXPECTED = /Failed to load resource: the server responded with a status of (400|401|412|422)|net::ERR_INTERNET_DISCONNECTED/

export async function scenario({ browser, server, lang, axe, result, shots }) {
  const wide = { width: 1440, height: 900 }, phone = { width: 390, height: 844 }
  const text = (await import('node:fs')).readFileSync(new URL(`../../web/src/i18n/${lang}.json`, import.meta.url), 'utf8')
  const words = JSON.parse(text)
  const trouble = []
  const context = await browser.newContext({ viewport: wide, locale: lang, baseURL: server.url, colorScheme: 'light', reducedMotion: 'reduce' })
  await context.addInitScript(([l]) => {
    if (!localStorage.getItem('guanxi.lang')) localStorage.setItem('guanxi.lang', JSON.stringify(l))
    document.addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))
  }, [lang])
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('console', m => { if (m.type() === 'error' && !EXPECTED.test(m.text())) trouble.push(m.text()) })
  page.on('pageerror', e => trouble.push(String(e.stack ?? e)))

  const asked = []
  page.on('request', r => { if (r.url().includes('/api/')) { asked.push(`${r.method()} ${new URL(r.url()).pathname}${new URL(r.url()).search}`); if (asked.length > 10) asked.shift() } })
  const shot = async name => { if (shots) await page.screenshot({ path: join(shots, `${lang}-${name}.png`) }) }
  const check = async (name, fn) => {
    try {
      await fn()
      result.passed++
      console.log(`ok   ${lang} ${name}`)
    } catch (e) {
      result.failed++
      result.failures.push(`${lang} ${name}`)
      console.log(`FAIL ${lang} ${name}: ${e.message.split('\n').slice(0, 3).join(' ')}`)
      console.log('     asked last: ' + asked.join(' | '))
      await shot(`failed-${name.replace(/\W+/g, '-')}`).catch(() => {})
      await page.keyboard.press('Escape').catch(() => {})
    }
  }
  const must = (ok, what) => { if (!ok) throw new Error(what) }
  const api = path => page.evaluate(async p => { const r = await fetch('/api/v1' + p); return r.json() }, path)
  const settle = async () => { await page.waitForLoadState('networkidle'); await page.waitForTimeout(120) }
  const theme = t => page.evaluate(x => {
    localStorage.setItem('guanxi.theme', JSON.stringify(x))
    document.documentElement.classList.toggle('dark', x === 'dark')
  }, t)
  const accessible = async what => {
    for (const t of ['light', 'dark']) {
      await theme(t)
      await page.waitForTimeout(150)
      const found = await page.evaluate(`(async () => { ${axe}; const r = await window.axe.run(document, { resultTypes: ['violations'] });
        return r.violations.map(v => v.id + ' (' + v.nodes.length + '): ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).join(' | ')) })()`)
      must(!found.length, `${what} ${t}: ${found.join('; ')}`)
      await shot(`${what}-${t}`)
    }
    await theme('light')
  }
  const rowText = (row, col) => page.locator(`#c-${row}-${col}`).innerText()
  const grid = page.locator('[role=grid]')
  const column = async name => {
    const heads = await page.locator('[role=columnheader]').allInnerTexts()
    const i = heads.findIndex(h => h.trim() === name)
    must(i >= 0, `no column ${name} in ${heads.join(', ')}`)
    return i
  }
  const label = l => l[lang]

  /* ---- sign-in ---- */
  await page.goto('/')
  await check('sign-in page', async () => {
    await page.locator('#email').waitFor()
    must((await page.locator('html').getAttribute('lang')) === lang, 'the page is in another language')
    await accessible('sign-in')
  })
  await check('wrong password is refused with a sentence', async () => {
    await page.fill('#email', server.email)
    await page.fill('#password', 'not the password')
    await page.keyboard.press('Enter')
    await page.locator('[role=alert]').waitFor()
    must((await page.locator('[role=alert]').innerText()).length > 3, 'no message')
    must(page.url().includes('/sign-in'), 'left the sign-in page')
  })
  await check('right password opens the workbench', async () => {
    await page.fill('#password', server.password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/home')
    await page.locator('[data-queue]').first().waitFor()
    await settle()
    must(await page.locator('[data-queue]').count() === 3, 'three queues')
    const key = (await api('/customer?limit=1&filter=' + encodeURIComponent("tier in ('vip', 'main')"))).total.count
    must((await page.locator('[data-tile=key] b').innerText()).replace(/\D/g, '') === String(key), 'key customers')
    await accessible('workbench')
  })
  await check('workbench: a queue opens as a list, mine and everyone', async () => {
    await page.getByRole('button', { name: words.work.mine, exact: true }).click()
    await settle()
    must((await page.locator('[data-tile=key]').getAttribute('href')).includes('owner'), 'not mine')
    await page.getByRole('button', { name: words.work.everyone, exact: true }).click()
    await settle()
    const row = page.locator('[data-queue=quiet] li').first()
    await row.waitFor()
    const name = (await row.locator('a').first().innerText()).trim()
    await page.locator('[data-queue=quiet]').getByRole('link', { name: words.record.openAll }).click()
    await page.waitForURL(/\/o\/customer\?filter=/)
    await page.waitForFunction(n => document.querySelector('#c-0-0')?.textContent?.trim() === n, name)
    await page.goBack()
    await page.locator('[data-queue=quiet] li').first().locator('a[href*=log]').click()
    await page.waitForURL(/\/o\/customer\/\d+$/)
    await page.locator('form.form .kinds').waitFor()
  })
  await check('leaving a half-filled form asks', async () => {
    await page.locator('form.form input[type=text]').first().fill('half')
    await page.keyboard.press('Escape')
    const box = page.locator('.el-message-box')
    await box.waitFor()
    await accessible('leave')
    await box.getByRole('button', { name: words.form.stay, exact: true }).click()
    await box.waitFor({ state: 'hidden' })
    must(await page.locator('form.form input[type=text]').first().inputValue() === 'half', 'text lost')
    const at = page.url()
    await page.locator('nav a[href="/tiers"]').click()
    await box.waitFor()
    await box.getByRole('button', { name: words.form.stay, exact: true }).click()
    await box.waitFor({ state: 'hidden' })
    must(page.url() === at, 'left the page')
    await page.keyboard.press('Escape')
    await page.locator('form.form input[type=text]').first().press('Escape')
    await box.waitFor()
    await box.getByRole('button', { name: words.form.discard, exact: true }).click()
    await page.locator('form.form').waitFor({ state: 'detached' })
  })
  await check('recently opened records stand in the workbench', async () => {
    await page.goto('/home')
    await page.locator('.seen a').first().waitFor()
  })
  await check('team board opens lists', async () => {
    await page.goto('/home?tab=team')
    await page.locator('tbody td a').first().waitFor()
    await settle()
    await accessible('team')
    const n = (await page.locator('tbody td a').first().innerText()).replace(/\D/g, '')
    await page.locator('tbody td a').first().click()
    await page.waitForURL(/\/o\/customer\?filter=/)
    await page.waitForFunction(x => document.querySelector('.head [role=status], .head button.muted')?.textContent?.replace(/\D/g, '') === x, n)
  })
  await check('board: columns, a card moved by keys stays moved', async () => {
    await page.goto('/o/order?board=status')
    await page.locator('.board .card').first().waitFor()
    await settle()
    await accessible('board')
    const column = page.locator('[data-column=confirmed]')
    const card = column.locator('[data-card]').first()
    const id = await card.getAttribute('data-card')
    const count = async v => Number((await page.locator(`[data-column=${v}] h2 .num`).innerText()).replace(/\D/g, ''))
    const before = await count('confirmed')
    await card.focus()
    await page.keyboard.press('Alt+ArrowRight')
    await page.locator(`[data-column=shipped] [data-card="${id}"]`).waitFor()
    await settle()
    must((await api(`/order/${id}`)).status === 'shipped', 'not saved')
    if (before < 1000) must(await count('confirmed') === before - 1, 'count')
    await page.keyboard.press('m')
    await page.locator('[role=menu]').waitFor()
    await accessible('board-menu')
    await page.keyboard.press('Escape')
    await page.locator('[role=menu]').waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+ArrowLeft')
    await page.locator(`[data-column=confirmed] [data-card="${id}"]`).waitFor()
    await page.goto('/o/customer?board=tier')
    await page.locator('.board .card').first().waitFor()
    must(await page.locator('.board .mv').count() === 0, 'a computed choice can be moved')
  })
  await check('customers', async () => {
    await page.goto('/o/customer')
    await grid.waitFor()
    await page.locator('#c-0-0').waitFor()
  })
  const schema = await api('/schema')
  const customer = schema.objects.find(o => o.name === 'customer')
  const field = n => customer.fields.find(f => f.name === n)
  const fieldText = n => label(field(n).label)

  /* ---- grid ---- */
  await check('menu has at most nine entries and the tiers page', async () => {
    const items = page.locator('nav[aria-label] ul a.item')
    const n = await items.count()
    must(n >= 4 && n <= 9, `${n} entries`)
    must(await page.getByRole('link', { name: words.nav.tiers }).count() === 1, 'tiers missing')
  })
  await check('total is exact, or capped and exact on demand', async () => {
    if ((await api('/customer?limit=1')).total.capped) {
      const capped = page.locator('.head button.muted')
      await capped.waitFor()
      must(/1,000\+/.test(await capped.innerText()), await capped.innerText())
      await capped.click()
    }
    const want = (await api('/customer?limit=1&count=exact')).total.count
    await page.waitForFunction(n => document.querySelector('.head [role=status]')?.textContent?.replace(/\D/g, '') === String(n), want)
  })
  await check('sort by a header', async () => {
    const i = await column(fieldText('value_historical'))
    await page.locator('[role=columnheader]').nth(i).locator('button').click()
    await page.waitForURL(/sort=-value_historical/)
    await settle()
    must(await page.locator('[role=columnheader]').nth(i).getAttribute('aria-sort') === 'descending', 'aria-sort')
    const want = (await api('/customer?sort=-value_historical&limit=1&fields=name')).items[0].name
    await page.waitForFunction(n => document.querySelector('#c-0-0')?.textContent?.trim() === n, want)
    const heads = await page.locator('[role=columnheader]').allInnerTexts()
    const sorts = heads.filter(h => customer.fields.some(f => label(f.label) === h.trim() && (f.index ?? 'none') !== 'none')).length
    must(await page.locator('[role=columnheader] button').count() === sorts, 'a column without an index claims to sort, or the reverse')
  })
  await check('grid accessible', async () => { await settle(); await accessible('customers') })
  await check('filter by a chip', async () => {
    await page.getByRole('button', { name: words.filter.add, exact: true }).click()
    const pop = page.locator('form.pop')
    await pop.locator('.el-select').first().click()
    await page.getByRole('option', { name: fieldText('tier'), exact: true }).click()
    await pop.getByRole('checkbox', { name: label(field('tier').options.find(o => o.value === 'vip').label), exact: true }).check()
    await accessible('filter')
    await pop.getByRole('button', { name: words.filter.apply }).click()
    await page.waitForURL(/filter=tier/)
    await settle()
    const want = (await api('/customer?filter=' + encodeURIComponent("tier = 'vip'") + '&limit=1&count=exact')).total.count
    await page.waitForFunction(n => document.querySelector('.head [role=status]')?.textContent?.replace(/\D/g, '') === String(n), want)
    must(want > 0, 'no vip in the demo')
  })
  await check('a wrong expression shows the error', async () => {
    await page.getByRole('button', { name: words.filter.text, exact: true }).click()
    await page.locator('.expr input').fill('no_such_field = 1')
    await page.keyboard.press('Enter')
    await page.locator('#filter-error').waitFor()
    must((await page.locator('#filter-error').innerText()).length > 5, 'no message')
    await accessible('bad-filter')
    await page.getByRole('button', { name: words.filter.clear }).first().click()
    await grid.waitFor()
  })
  await check('row 1,000 by keyboard', async () => {
    await page.goto('/o/customer')
    await page.locator('#c-0-0').waitFor()
    await grid.focus()
    for (let i = 0; i < 120; i++) {
      const at = await grid.getAttribute('aria-activedescendant')
      if (at && Number(at.split('-')[1]) >= 999) break
      await page.keyboard.press('PageDown')
      await page.waitForTimeout(40)
    }
    await page.waitForFunction(() => Number((document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant') ?? '').split('-')[1] ?? 0) >= 999)
    const id = await grid.getAttribute('aria-activedescendant')
    await page.locator('#' + id).waitFor()
    must((await page.locator('#' + id).innerText()).trim().length > 0, 'row 1,000 is empty')
    await shot('row-1000')
    await page.keyboard.press('Control+Home')
    await page.locator('#c-0-0').waitFor()
  })
  await check('going back finds the row where it was', async () => {
    await page.goto('/o/customer?sort=tier')
    await page.locator('#c-0-0').waitFor()
    const tierOrder = field('tier').options.map(o => o.value)
    const got = (await api('/customer?sort=tier&limit=200&fields=tier')).items.map(r => tierOrder.indexOf(r.tier)).filter(i => i >= 0)
    must(got.length > 100 && got.every((x, i) => i === 0 || got[i - 1] <= x), 'tiers are not in the order of the pack')
    await grid.focus()
    for (let i = 0; i < 4; i++) { await page.keyboard.press('PageDown'); await page.waitForTimeout(60) }
    const at = await grid.getAttribute('aria-activedescendant')
    const top = await grid.evaluate(e => e.scrollTop)
    must(top > 300, `scrolled ${top}`)
    await page.keyboard.press('o')
    await page.waitForURL(/\/o\/customer\/\d+$/)
    await page.locator('.timeline').first().waitFor()
    await page.goBack()
    await page.locator('#' + at).waitFor()
    must(await grid.getAttribute('aria-activedescendant') === at, `at ${await grid.getAttribute('aria-activedescendant')}, not ${at}`)
    must(Math.abs(await grid.evaluate(e => e.scrollTop) - top) < 40, 'scrolled elsewhere')
    await page.goto('/o/customer')
    await page.locator('#c-0-0').waitFor()
  })
  await check('columns are chosen and kept', async () => {
    const before = await page.locator('[role=columnheader]').count()
    await page.getByRole('button', { name: words.list.columns, exact: true }).click()
    await page.getByRole('checkbox', { name: fieldText('city'), exact: true }).check()
    await page.getByRole('checkbox', { name: fieldText('country'), exact: true }).uncheck()
    await accessible('columns')
    await page.getByRole('button', { name: words.common.done, exact: true }).click()
    await page.reload()
    await page.locator('#c-0-0').waitFor()
    must(await page.locator('[role=columnheader]').count() === before, 'another number of columns')
    await column(fieldText('city'))
  })
  let edited = 0
  const value = `E2E ${lang} ${Date.now() % 100000}`
  await check('edit in place, reload keeps it', async () => {
    const i = await column(fieldText('city'))
    const first = (await api('/customer?limit=1&fields=name' + (customer.views[0]?.sort ? '&sort=' + customer.views[0].sort : ''))).items[0]
    edited = first.id
    await page.locator(`#c-0-${i}`).click()
    await page.keyboard.press('F2')
    await page.locator(`#c-0-${i} input`).fill(value)
    await shot('inline-edit')
    await page.keyboard.press('Enter')
    await page.waitForFunction(([c, v]) => document.querySelector(c)?.textContent?.trim() === v, [`#c-0-${i}`, value])
    await page.reload()
    await page.locator('#c-0-0').waitFor()
    must((await rowText(0, i)).trim() === value, `after reload: ${await rowText(0, i)}`)
  })
  await check('a stale edit asks with three values', async () => {
    const i = await column(fieldText('city'))
    await page.evaluate(async ([id, v]) => {
      const s = await (await fetch('/api/v1/session')).json()
      await fetch('/api/v1/customer/' + id, { method: 'PATCH', headers: { 'If-Match': '*', 'X-CSRF-Token': s.csrf, 'Content-Type': 'application/json' }, body: JSON.stringify({ city: v }) })
      const r = await (await fetch('/api/v1/customer/' + id)).json()
      if (r.city !== v) {
        const q = await fetch('/api/v1/customer/' + id, { method: 'PATCH', headers: { 'If-Match': `"${r.rev}"`, 'X-CSRF-Token': s.csrf, 'Content-Type': 'application/json' }, body: JSON.stringify({ city: v }) })
        if (!q.ok) throw new Error('cannot change behind the page: ' + q.status)
      }
    }, [edited, value + ' other'])
    await page.locator(`#c-0-${i}`).click()
    await page.keyboard.press('Enter')
    await page.locator(`#c-0-${i} input`).fill(value + ' mine')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: words.conflict.title })
    await dialog.waitFor()
    const said = await dialog.innerText()
    for (const part of [value, value + ' mine', value + ' other']) must(said.includes(part), `not shown: ${part}`)
    await accessible('conflict')
    await dialog.getByRole('button', { name: words.conflict.keepMine }).click()
    await page.waitForFunction(([c, v]) => document.querySelector(c)?.textContent?.trim() === v, [`#c-0-${i}`, value + ' mine'])
  })
  await check('peek with Space', async () => {
    await grid.focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('Space')
    await page.locator('aside.peek dl').first().waitFor()
    await accessible('peek')
    await page.keyboard.press('Escape')
    await page.locator('aside.peek').waitFor({ state: 'detached' })
  })
  await check('create form shows field errors, then creates', async () => {
    await page.goto('/o/customer?new=1')
    const form = page.locator('form.form')
    await form.waitFor()
    await page.getByRole('button', { name: words.common.save }).click()
    await form.locator('[role=alert]').first().waitFor()
    await accessible('create')
    await page.fill('#f-name', `New ${value}`)
    await page.getByRole('button', { name: words.common.save }).click()
    await page.waitForURL(/\/o\/customer\/\d+$/)
    await page.getByRole('heading', { name: `New ${value}` }).waitFor()
    await settle()
    await accessible('new-customer')
  })
  await check('31 February is refused, a negative order too', async () => {
    await page.goto('/o/customer?new=1')
    await page.fill('#f-name', 'Day')
    await page.fill('#f-birthday', '2001-02-31')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: words.common.save }).click()
    await page.locator('.form .bad [role=alert]').waitFor()
    must(page.url().includes('new=1'), 'saved')
    await page.keyboard.press('Escape') /* the calendar */
    await page.getByRole('button', { name: words.common.cancel, exact: true }).click()
    await page.locator('.el-message-box').getByRole('button', { name: words.form.discard, exact: true }).click()
    await page.waitForURL(u => !u.search.includes('new'))
    const said = await page.evaluate(async c => {
      const s = await (await fetch('/api/v1/session')).json()
      const r = await fetch('/api/v1/order', { method: 'POST', headers: { 'X-CSRF-Token': s.csrf, 'Content-Type': 'application/json' }, body: JSON.stringify({ code: 'NEG-' + Date.now(), customer: c, net: -5 }) })
      return r.status + ' ' + await r.text()
    }, edited)
    must(said.startsWith('422') && said.includes('return'), said)
    await page.goto('/o/customer?filter=' + encodeURIComponent(`name = 'New ${value}'`))
    await page.locator('#c-0-0 a').click()
    await page.waitForURL(/\/o\/customer\/\d+$/)
    await page.getByRole('heading', { name: `New ${value}` }).waitFor()
  })
  await check('deleting asks first', async () => {
    await page.getByRole('button', { name: words.record.delete, exact: true }).click()
    const box = page.locator('.el-message-box')
    await box.waitFor()
    await accessible('delete')
    await box.getByRole('button', { name: words.record.delete, exact: true }).click()
    await page.waitForURL(/\/o\/customer(\?|$)/)
  })
  await check('the undo of the toast brings it back', async () => {
    await page.locator('.undo-toast button').first().click()
    await page.waitForFunction(async n => (await (await fetch(`/api/v1/customer?count=exact&filter=${encodeURIComponent(`name = '${n}'`)}`)).json()).total.count === 1, `New ${value}`)
    const id = (await api(`/customer?filter=${encodeURIComponent(`name = 'New ${value}'`)}`)).items[0].id
    await page.goto(`/o/customer/${id}`)
    await page.getByRole('button', { name: words.history.title, exact: true }).click()
    await page.locator('.history li').first().waitFor()
    must((await page.locator('.history li').count()) === 3, 'created, deleted, restored')
    await accessible('history')
  })
  await check('bin: restore', async () => {
    const c = (await api('/customer?limit=1&sort=-id')).items[0]
    await page.goto(`/o/customer/${c.id}`)
    await page.getByRole('button', { name: words.record.delete, exact: true }).click()
    await page.locator('.el-message-box').getByRole('button', { name: words.record.delete, exact: true }).click()
    await page.waitForURL(/\/o\/customer$/)
    await page.goto('/bin?object=customer')
    await page.locator('li', { hasText: c.name }).first().waitFor()
    await accessible('bin')
    await page.locator('li', { hasText: c.name }).getByRole('button', { name: words.bin.restore, exact: true }).first().click()
    await page.waitForFunction(async id => (await fetch(`/api/v1/customer/${id}`)).ok, c.id)
  })
  await check('audit log and jobs', async () => {
    await page.goto('/audit')
    await page.locator('.panel li').nth(3).waitFor()
    await settle()
    await accessible('audit')
    await page.goto('/jobs')
    await page.locator('.panel li').first().waitFor()
    await accessible('jobs')
  })

  /* ---- customer page ---- */
  const best = (await api('/customer?sort=-value_historical&limit=1')).items[0]
  await check('customer page: value, tier, stage, RFM and why', async () => {
    await page.goto(`/o/customer/${best.id}`)
    await page.getByRole('heading', { name: best.name, exact: true }).waitFor()
    await page.locator('aside.rail .card').first().waitFor()
    await page.locator('.timeline li').first().waitFor()
    must(await page.locator('aside.rail .card').count() === 4, 'four cards')
    const why = page.locator('aside.rail .why button')
    const n = await why.count()
    must(n >= 3, `${n} why blocks`)
    for (let i = 0; i < n; i++) await why.nth(i).click()
    must(await page.locator('aside.rail .why li').count() >= n, 'empty why')
    await accessible('customer')
  })
  await check('the parts of historical value add up', async () => {
    const s = await api(`/customer/${best.id}/state`)
    const sum = s.value.why.filter(w => typeof w.amount === 'number').reduce((a, w) => a + w.amount, 0)
    must(sum === s.value.historical.amount, `${sum} is not ${s.value.historical.amount}`)
  })
  await check('facts behind a figure open as a list', async () => {
    const facts = page.locator('aside.rail .why a').first()
    await facts.click()
    await page.waitForURL(/\/o\/\w+\?filter=/)
    await page.locator('#c-0-0').waitFor()
    await page.goBack()
    await page.locator('.timeline li').first().waitFor()
  })
  await check('logging an interaction shows in timeline and state', async () => {
    await page.locator('.timeline li').first().waitFor()
    await page.getByRole('button', { name: words.log.title, exact: true }).first().click()
    await page.locator('form.form input[type=text]').first().fill(value)
    await accessible('log')
    await page.keyboard.press('Control+Enter')
    await page.locator('.timeline li', { hasText: value }).waitFor()
    const s = await api(`/customer/${best.id}/state`)
    must(Math.abs(Date.parse(s.last_interaction_at) - Date.now()) < 120_000, `last interaction ${s.last_interaction_at}`)
    await page.locator('[data-test=last-interaction]').waitFor()
  })
  await check('timeline filtered by kind', async () => {
    await page.locator('.timeline .kinds button').nth(1).click()
    await settle()
    must(await page.locator('.timeline li', { hasText: value }).count() === 0, 'interaction still shown among orders')
  })
  await check('a fact is edited where it stands', async () => {
    await page.locator('.facts .fact', { hasText: fieldText('city') }).locator('button').click()
    await page.locator('.facts dd input').fill(value)
    await page.keyboard.press('Enter')
    await page.locator('.facts button', { hasText: value }).waitFor()
    must((await api(`/customer/${best.id}`)).city === value, 'not saved')
  })
  await check('one value goes back from the history', async () => {
    await page.getByRole('button', { name: words.history.title, exact: true }).click()
    await page.locator('.history .back').first().click()
    await page.waitForFunction(async ([id, v]) => (await (await fetch(`/api/v1/customer/${id}`)).json()).city !== v, [best.id, value])
  })
  await check('a note, a task and a file', async () => {
    await page.getByRole('button', { name: words.notes.title, exact: true }).click()
    await page.getByLabel(words.notes.write).fill(`Note ${value}`)
    await page.getByRole('button', { name: words.common.save, exact: true }).click()
    await page.getByText(`Note ${value}`).waitFor()
    await accessible('notes')
    await page.getByRole('button', { name: words.tasks.title, exact: true }).click()
    await page.getByLabel(words.tasks.subject).fill(`Task ${value}`)
    await page.getByRole('button', { name: words.tasks.add, exact: true }).click()
    await page.getByRole('link', { name: `Task ${value}` }).waitFor()
    await accessible('tasks')
    await page.getByRole('button', { name: words.files.title, exact: true }).click()
    await page.locator('input[type=file]').setInputFiles({ name: '合同.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })
    await page.getByRole('link', { name: '合同.txt' }).waitFor()
    await accessible('files')
    const f = (await api(`/customer/${best.id}/files`)).items[0]
    must(await page.evaluate(async id => (await (await fetch(`/api/v1/files/${id}`)).text()) === 'hello', f.id), 'another content')
  })
  await check('notifications page', async () => {
    await page.goto('/notifications')
    await page.getByText(words.notices.none).waitFor()
    await accessible('notifications')
  })

  /* ---- other records ---- */
  await check('order page with its lines', async () => {
    const o = (await api('/order?limit=1&sort=-ordered_at')).items[0]
    await page.goto(`/o/order/${o.id}`)
    await page.getByRole('heading', { name: o.code }).waitFor()
    await page.locator('.kids table').first().waitFor()
    await settle()
    await accessible('order')
  })
  await check('grids of all menu objects', async () => {
    for (const o of schema.objects.filter(x => x.nav > 0)) {
      await page.goto(`/o/${o.name}`)
      await grid.or(page.locator('.state')).first().waitFor() /* an object without records says so */
    }
    await accessible('last-list')
  })

  /* ---- tiers ---- */
  await check('tiers: counts add up', async () => {
    await page.goto('/tiers')
    await page.locator('.pyramid li').first().waitFor()
    await page.locator('.groups .group').first().waitFor()
    const d = await api('/tiers')
    const counts = (await page.locator('[data-test=level-count]').allInnerTexts()).map(s => Number(s.replace(/\D/g, '')))
    must(counts.reduce((a, b) => a + b, 0) === d.ranked, `${counts.join('+')} is not ${d.ranked}`)
    must(await page.locator('.groups .group').count() >= (lang === 'zh-CN' ? 8 : 4), 'RFM groups')
    await settle()
    await accessible('tiers')
  })
  await check('a click on a level opens its customers', async () => {
    const d = await api('/tiers')
    const l = d.levels.find(x => x.count > 0)
    await page.locator(`.level[data-tier=${l.tier}]`).click()
    await page.waitForURL(/\/o\/customer\?filter=/)
    await page.locator('#c-0-0').waitFor()
    const n = (await api('/customer?filter=' + encodeURIComponent(`tier = '${l.tier}'`) + '&limit=1&count=exact')).total.count
    must(n === l.count, `list has ${n}, pyramid ${l.count}`)
  })

  /* ---- palette, keys, theme ---- */
  await check('search finds pages and records', async () => {
    await page.goto('/tiers')
    await page.locator('.pyramid li').first().waitFor()
    await page.keyboard.press('Control+k')
    const input = page.locator('[role=dialog] input[role=combobox]')
    await input.waitFor()
    await accessible('palette')
    await input.fill(best.name)
    await page.locator('[role=option]', { hasText: best.name }).first().waitFor()
    await page.waitForTimeout(100)
    const options = await page.locator('[role=option]').allInnerTexts()
    for (let i = 0; i < options.findIndex(o => o.includes(best.name)); i++) await page.keyboard.press('ArrowDown')
    await shot('palette-record')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/o\/\w+\/\d+$/)
  })
  await check('pinyin initials find a page', async () => {
    if (lang !== 'zh-CN') return
    await page.keyboard.press('Control+k')
    await page.locator('[role=dialog] input').fill('khfj')
    await page.locator('[role=option]', { hasText: '客户分级' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/tiers$/)
  })
  await check('G C opens the customers, ? the keys', async () => {
    await page.goto('/tiers')
    await page.locator('.pyramid li').first().waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.waitForURL(/\/o\/customer$/)
    await page.locator('#c-0-0').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: words.help.title }).waitFor()
    await accessible('keys')
    await page.keyboard.press('Escape')
  })
  await check('dark mode by its switch', async () => {
    await page.goto('/settings')
    await page.locator('.seg').first().waitFor()
    await settle()
    await accessible('settings')
    await page.locator('.needle').fill(lang === 'en' ? 'zone' : '时区')
    await page.locator('#set-zone').waitFor()
    must(await page.locator('form.set').count() === 1, 'search leaves one setting')
    await page.locator('.needle').fill('')
    await page.locator('nav').getByRole('button', { name: words.app.dark, exact: true }).click()
    must(await page.evaluate(() => document.documentElement.classList.contains('dark')), 'not dark')
    await page.reload()
    must(await page.evaluate(() => document.documentElement.classList.contains('dark')), 'not kept')
    await theme('light')
    await page.reload()
  })
  await check('language switch and back', async () => {
    const other = lang === 'en' ? '中文' : 'English', back = lang === 'en' ? 'English' : '中文'
    await page.locator('nav').getByRole('button', { name: other, exact: true }).click()
    await page.waitForFunction(l => document.documentElement.lang === l, lang === 'en' ? 'zh-CN' : 'en')
    await page.locator('nav').getByRole('button', { name: back, exact: true }).click()
    await page.waitForFunction(l => document.documentElement.lang === l, lang)
  })
  await check('pages outside the menu are accessible', async () => {
    for (const p of ['bin', 'jobs', 'audit']) {
      await page.goto('/' + p)
      await page.locator('h1').waitFor()
      await settle()
      await accessible(p)
    }
  })
  await check('unknown page and unknown record say so', async () => {
    await page.goto('/nothing/here')
    await page.getByText(words.notFound.text).waitFor()
    await accessible('not-found')
  })

  /* ---- phone ---- */
  await page.setViewportSize(phone)
  const fits = async what => {
    const w = await page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth))
    must(w <= 390, `${what} is ${w} px wide`)
    const wideParts = await page.evaluate(() => Array.from(document.querySelectorAll('main *')).filter(e => {
      const s = getComputedStyle(e)
      return /auto|scroll/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.matches('.scroll-x, .tabs, .board')
    }).map(e => `${e.className} ${e.scrollWidth} > ${e.clientWidth}`))
    must(!wideParts.length, `${what}: ${wideParts.join('; ')}`)
  }
  await check('phone: cards, bottom bar', async () => {
    await page.goto('/o/customer')
    await page.locator('.cards a').first().waitFor()
    await page.locator('nav.bottom a').first().waitFor()
    await fits('list')
    await accessible('phone-customers')
  })
  await check('phone: workbench, board', async () => {
    await page.goto('/home')
    await page.locator('[data-queue] li').first().waitFor()
    await settle()
    await fits('workbench')
    await accessible('phone-workbench')
    await page.goto('/o/order?board=status')
    await page.locator('.board .card').first().waitFor()
    await accessible('phone-board')
  })
  await check('phone: customer page', async () => {
    await page.goto(`/o/customer/${best.id}`)
    await page.locator('.timeline li').first().waitFor()
    await fits('customer')
    await accessible('phone-customer')
    await page.locator('.tabs button').nth(1).click()
    await page.locator('aside.rail .card').first().waitFor()
    await fits('insight')
    await accessible('phone-insight')
  })
  await check('phone: tiers, settings, more', async () => {
    await page.goto('/tiers')
    await page.locator('.pyramid li').first().waitFor()
    await page.locator('.groups .group').first().waitFor()
    await fits('tiers')
    await accessible('phone-tiers')
    await page.locator('nav.bottom button').click()
    await page.locator('#more').waitFor()
    await accessible('phone-more')
  })
  await page.setViewportSize(wide)

  await check('without a network the application starts and says so', async () => {
    must((await (await page.request.get('/manifest.webmanifest')).json()).icons.length >= 3, 'icons')
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    await page.goto('/home')
    await page.waitForFunction(() => !!navigator.serviceWorker.controller)
    await context.setOffline(true)
    await page.goto('/o/customer')
    await page.getByText(words.errors.network).first().waitFor()
    const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async k => (await (await caches.open(k)).keys()).map(r => new URL(r.url).pathname)))).flat())
    must(kept.length > 3 && !kept.some(p => p.startsWith('/api')), `kept: ${kept.join(' ')}`)
    await context.setOffline(false)
    await page.getByRole('button', { name: words.common.retry }).first().click()
    await page.locator('#c-0-0').waitFor()
  })
  await check('signing out', async () => {
    await page.goto('/tiers')
    await page.locator('nav').getByRole('button', { name: words.app.signOut }).click()
    await page.waitForURL('**/sign-in')
    await page.goto('/tiers')
    await page.waitForURL('**/sign-in?next=/tiers')
  })
  await check('no console errors, no CSP reports', async () => { must(!trouble.length, trouble.slice(0, 5).join('\n')) })
  await context.close()
}
