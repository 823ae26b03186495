#!/usr/bin/env node
/* Browser test of accounts: the first start by its link, mail settings, logo, one-time codes, forgotten password, invitation; in each
 * language, wide and on a phone, light and dark; axe and CSP clean.
 *   node tests/e2e/accounts.mjs --program build/guanxi [--shots DIR] [--lang zh-CN|en] [--chromium PATH] */
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const { values: opt } = parseArgs({ options: {
  program: { type: 'string', default: 'build/guanxi' }, shots: { type: 'string' }, lang: { type: 'string' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
} })
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']
if (!existsSync(opt.chromium) || !existsSync(join(root, 'web/node_modules/playwright-core'))) {
  console.log('skipped: no browser')
  process.exit(77)
}
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/* A mail server that keeps what it gets. */
async function sink() {
  const mails = []
  const server = createServer(c => {
    let buffer = '', data = null
    c.on('error', () => {})
    c.write('220 sink ESMTP\r\n')
    c.on('data', d => {
      buffer += d
      for (;;) {
        const at = buffer.indexOf(data === null ? '\r\n' : '\r\n.\r\n')
        if (at < 0) return
        const text = buffer.slice(0, at)
        buffer = buffer.slice(at + (data === null ? 2 : 5))
        if (data !== null) {
          mails.push(Buffer.from(text.split('\r\n\r\n').slice(1).join(''), 'base64').toString())
          data = null
          c.write('250 kept\r\n')
        } else if (/^DATA/i.test(text)) {
          data = ''
          c.write('354 go on\r\n')
        } else if (/^QUIT/i.test(text)) {
          c.end('221 bye\r\n')
        } else c.write(/^RCPT TO:<gone@/i.test(text) ? '550 5.1.1 no such user\r\n' : '250 ok\r\n')
      }
    })
  })
  await new Promise(r => server.listen(0, '127.0.0.1', r))
  return { port: server.address().port, mails, close: () => server.close() }
}
function totp(secret, ahead = 0) {
  const bits = [...secret.replace(/ /g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead))
  const d = createHmac('sha1', key).update(step).digest()
  return String((d.readUInt32BE(d[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0')
}
async function start(dir) {
  const child = spawn(resolve(opt.program), ['serve', '--data', join(dir, 'data'), '--listen', '127.0.0.1:0', '--mail-private'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, GUANXI_LANG: 'en' } })
  let log = ''
  child.stdout.on('data', d => { log += d })
  child.stderr.on('data', d => { log += d })
  for (let i = 0; i < 200; i++) {
    const m = log.match(/(http:\/\/127\.0\.0\.1:\d+)\/setup#(\S+)/)
    if (m) return { child, url: m[1], token: m[2] }
    await new Promise(r => setTimeout(r, 100))
  }
  child.kill('SIGKILL')
  throw new Error('no setup link:\n' + log)
}

if (opt.shots) mkdirSync(opt.shots, { recursive: true })
let passed = 0, failed = 0
async function walk(lang, browser, server, mail) {
  const t = JSON.parse(readFileSync(join(root, `web/src/i18n/${lang}.json`), 'utf8'))
  const trouble = []
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: lang, baseURL: server.url, colorScheme: 'light', reducedMotion: 'reduce' })
  await context.addInitScript(l => {
    if (location.protocol === 'about:') return
    if (!localStorage.getItem('guanxi.lang')) localStorage.setItem('guanxi.lang', JSON.stringify(l))
    document.addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))
  }, lang)
  const page = await context.newPage()
  page.setDefaultTimeout(8000)
  page.on('console', m => { if (m.type() === 'error' && !/status of (401|404|422)/.test(m.text())) trouble.push(m.text()) })
  page.on('pageerror', e => trouble.push(String(e)))
  const must = (ok, what) => { if (!ok) throw new Error(what) }
  const button = name => page.getByRole('button', { name, exact: true })
  const settle = async () => { await page.waitForLoadState('networkidle'); await page.waitForTimeout(150) }
  const look = async name => {
    for (const theme of ['light', 'dark']) for (const [size, w, h] of [['wide', 1280, 860], ['phone', 390, 844]]) {
      await page.setViewportSize({ width: w, height: h })
      await page.evaluate(x => document.documentElement.classList.toggle('dark', x === 'dark'), theme)
      await page.waitForTimeout(120)
      const found = await page.evaluate(`(async () => { ${axe}; const r = await window.axe.run(document, { resultTypes: ['violations'] });
        return r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 2).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')) })()`)
      if (opt.shots) await page.screenshot({ path: join(opt.shots, `${lang}-${name}-${size}-${theme}.png`) })
      must(!found.length, `${name} ${size} ${theme}: ${found.join('; ')}`)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      must(over <= 0, `${name} ${size}: ${over} px too wide`)
    }
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.evaluate(() => document.documentElement.classList.remove('dark'))
  }
  const check = async (name, fn) => {
    try {
      await fn()
      passed++
      console.log(`ok   ${lang} ${name}`)
    } catch (e) {
      failed++
      console.log(`FAIL ${lang} ${name}: ${e.message.split('\n').slice(0, 4).join(' ')}`)
      if (opt.shots) await page.screenshot({ path: join(opt.shots, `${lang}-failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {})
    }
  }
  const link = async (kind, n) => {
    for (let i = 0; i < 100 && mail.mails.length < n; i++) await new Promise(r => setTimeout(r, 100))
    const m = (mail.mails[n - 1] ?? '').match(new RegExp(`https?://\\S+/${kind}#\\S+`))
    must(m, `mail ${n} has a link: ${mail.mails[n - 1]}`)
    return m[0]
  }
  const signOut = async () => { await button(t.app.signOut).click(); await page.locator('#email').waitFor() }
  const me = { email: 'wang@firm.example', password: 'a good long sentence' }
  let secret = '', recovery = []

  await check('without an account every way leads to the setup page', async () => {
    await page.goto('/')
    await page.waitForURL(/\/setup$/)
    await page.getByText(t.setup.noKey).waitFor()
  })
  await check('first start', async () => {
    await page.goto('about:blank')
    await page.goto('/setup#' + server.token)
    await page.locator('#name').waitFor()
    await look('setup')
    await button(t.setup.button).click()
    await page.getByText(t.setup.fill).waitFor()
    await page.locator('input[type=radio][value=sales]').check()
    await page.locator('#name').fill('王芳')
    await page.locator('#company').fill('苏州芳芳机械')
    await page.locator('#email').fill(me.email)
    await page.locator('#password').fill('short')
    await button(t.setup.button).click()
    await page.locator('.error.small').first().waitFor()
    await page.locator('#password').fill(me.password)
    await button(t.setup.button).click()
    await page.waitForURL(/\/home/)
    await settle()
    must((await page.locator('nav.side').innerText()).includes('苏州芳芳机械'), 'the company stands in the menu')
    must((await page.locator('nav.side').innerText()).includes(lang === 'en' ? 'Follow-ups' : '跟进记录'), 'the words are those of the profile')
    if (opt.shots) await page.screenshot({ path: join(opt.shots, `${lang}-after-setup.png`) })
  })
  await check('logo and mail settings', async () => {
    await page.goto('/settings')
    await page.locator('#mail-host').waitFor()
    await page.locator('input[type=file]').setInputFiles({ name: 'a.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.repeat(3)) })
    await page.locator('.error').first().waitFor()
    await page.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGNkaGD4z4ANMGEVHbQSABvdAQh1xHPFAAAAAElFTkSuQmCC', 'base64') })
    await page.locator('nav.side img.logo').waitFor()
    await page.locator('#mail-host').fill('127.0.0.1')
    await page.locator('#mail-port').fill(String(mail.port))
    await page.locator('#mail-security').selectOption('none')
    await page.locator('#mail-from').fill('crm@firm.example')
    await page.locator('#mail-host').press('Enter')
    await page.locator('#mail-to').fill('gone@b.example')
    await page.getByRole('button', { name: t.mail.test }).click()
    await page.getByText('550 5.1.1 no such user').waitFor()
    await page.locator('#mail-to').fill('a@b.example')
    await page.getByRole('button', { name: t.mail.test }).click()
    await page.getByText(t.mail.ok).waitFor()
    await page.locator('#mail-host').scrollIntoViewIfNeeded()
    await look('settings')
  })
  await check('one-time codes on', async () => {
    await page.goto('/account')
    await button(t.account.turnOn).click()
    await page.locator('#prove').fill(me.password)
    await page.locator('#prove').press('Enter')
    await page.locator('.scan img').waitFor()
    must(await page.locator('.scan img').evaluate(i => i.complete && i.naturalWidth > 0), 'the QR code is drawn')
    secret = await page.locator('.scan code').innerText()
    await look('totp-scan')
    await page.locator('#code').fill(totp(secret))
    await page.locator('#code').press('Enter')
    await page.locator('.keep li').first().waitFor()
    recovery = await page.locator('.keep li').allInnerTexts()
    must(recovery.length === 10, 'ten recovery codes')
    await look('totp-recovery')
    await button(t.common.done).click()
    await look('account')
  })
  await check('sign-in asks for the code', async () => {
    await signOut()
    await settle()
    must(await page.locator('.card img.logo').count() === 1 && (await page.locator('h1').innerText()).includes('芳芳'), 'name and logo of the company')
    await look('sign-in')
    await page.locator('#email').fill(me.email)
    await page.locator('#password').fill(me.password)
    await page.locator('#password').press('Enter')
    await page.locator('#code').waitFor()
    await look('sign-in-code')
    await page.locator('#code').fill('000000')
    await page.locator('#code').press('Enter')
    await page.locator('.error').waitFor()
    await page.locator('#code').fill(recovery[0])
    await page.locator('#code').press('Enter')
    await page.waitForURL(/\/home/)
  })
  await check('forgotten password by mail', async () => {
    await signOut()
    await page.getByRole('link', { name: t.signIn.forgot }).click()
    await page.locator('#email').fill(me.email)
    await look('forgot')
    await page.locator('#email').press('Enter')
    await page.getByRole('status').first().waitFor()
    await page.goto('about:blank')
    await page.goto(await link('reset', 2))
    await page.locator('#again').waitFor()
    must(!page.url().includes('#'), 'the key does not stay in the address')
    await look('reset')
    await page.locator('#password').fill('quite another sentence')
    await page.locator('#again').fill('not the same')
    await page.locator('#again').press('Enter')
    await page.getByText(t.newPassword.differ).waitFor()
    await page.locator('#again').fill('quite another sentence')
    await page.locator('#again').press('Enter')
    await page.waitForURL(/\/sign-in/) /* codes are on: the password alone does not sign in */
    must((await page.locator('#email').inputValue()) === me.email, 'the address is filled in')
    await page.locator('#password').fill('quite another sentence')
    await page.locator('#password').press('Enter')
    await page.locator('#code').fill(totp(secret, 1))
    await page.locator('#code').press('Enter')
    await page.waitForURL(/\/home/)
    me.password = 'quite another sentence'
  })
  await check('an old link says so', async () => {
    await page.goto('about:blank')
    await page.goto(await link('reset', 2))
    await page.locator('.error').waitFor()
    await look('old-link')
  })
  await check('invitation', async () => {
    await page.goto('/settings')
    await page.locator('#mail-host').waitFor()
    const st = await page.evaluate(async () => {
      const s = await (await fetch('/api/v1/session')).json()
      const r = await fetch('/api/v1/invitation', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': s.csrf }, body: JSON.stringify({ name: '李雷', email: 'li@firm.example' }) })
      return r.status
    })
    must(st === 201, 'invited: ' + st)
    const url = await link('invite', 3)
    await signOut()
    await page.goto('about:blank')
    await page.goto(url)
    await page.locator('#again').waitFor()
    await look('invite')
    await page.locator('#password').fill('li lei has a sentence')
    await page.locator('#again').fill('li lei has a sentence')
    await page.locator('#again').press('Enter')
    await page.waitForURL(/\/home/)
  })
  await check('no trouble in the console', async () => must(!trouble.length, trouble.join(' · ')))
  await context.close()
}

for (const lang of opt.lang ? [opt.lang] : ['zh-CN', 'en']) {
  const dir = mkdtempSync(join(tmpdir(), 'guanxi-accounts-'))
  let server = null, browser = null, mail = null
  try {
    mail = await sink()
    server = await start(dir)
    browser = await chromium.launch({ executablePath: opt.chromium, args: FLAGS, headless: true, ignoreDefaultArgs: ['--headless'] })
    await walk(lang, browser, server, mail)
  } catch (e) {
    failed++
    console.log(`FAIL ${lang}: ${e.stack}`)
  } finally {
    await browser?.close()
    if (server && server.child.exitCode === null && server.child.signalCode === null) {
      const gone = new Promise(r => server.child.on('exit', r))
      server.child.kill('SIGTERM')
      await gone
    }
    mail?.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
