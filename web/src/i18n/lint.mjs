/* Checks the interface texts: same keys in both languages, none missing, none unused, same placeholders, no banned word; the words the product
 * has agreed on stand where they belong. Labels of the packs and messages of the program follow the same words. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const src = join(here, '..')
const flat = (o, p = '') => Object.entries(o).flatMap(([k, v]) => (typeof v === 'object' ? flat(v, p + k + '.') : [[p + k, v]]))
const texts = Object.fromEntries(['zh-CN', 'en'].map(l => [l, new Map(flat(JSON.parse(readFileSync(join(here, l + '.json'), 'utf8'))))]))
const files = readdirSync(src, { recursive: true }).filter(f => /\.(vue|ts)$/.test(f))
const code = files.map(f => readFileSync(join(src, f), 'utf8')).join('\n')

/* Words screens must not use (the list of words to avoid, without those that are only wrong on some screens). */
const BANNED = ['层级', '客户 360', '客户360', '今日', '客户细分', '用户画像', '接触点', '挽回', '当然质量', '期望质量', '迷人质量', '回头率', '客户份额', '许可', '账户', '座席', '影响者', '潜在客户', '小客户',
  'Platinum', 'Gold']
const errors = []
const [zh, en] = [texts['zh-CN'], texts.en]
for (const k of zh.keys()) if (!en.has(k)) errors.push(`en.json: missing ${k}`)
for (const k of en.keys()) if (!zh.has(k)) errors.push(`zh-CN.json: missing ${k}`)
const holes = s => [...new Set(s.match(/\{\w+\}/g) ?? [])].sort().join()
for (const [k, v] of zh) if (en.has(k) && holes(v) !== holes(en.get(k))) errors.push(`${k}: different placeholders`)
for (const [l, m] of Object.entries(texts)) for (const [k, v] of m) {
  if (!v.trim()) errors.push(`${l}.json: ${k} is empty`)
  for (const b of BANNED) if (v.includes(b)) errors.push(`${l}.json: ${k} uses the word ${b}`)
}
for (const m of code.matchAll(/\b(?:t|te|tn)\(\s*'([a-zA-Z][\w.]*\.[\w.]+)'/g)) if (!m[1].endsWith('.') && !zh.has(m[1])) errors.push(`used but not there: ${m[1]}`)
const literals = new Set([...code.matchAll(/'([a-zA-Z]\w*(?:\.\w+)+)'/g)].map(m => m[1]))
const prefixes = [...code.matchAll(/'([a-zA-Z]\w*(?:\.\w+)*\.)' \+/g)].map(m => m[1])
for (const k of zh.keys()) if (!literals.has(k) && !prefixes.some(p => k.startsWith(p))) errors.push(`never used: ${k}`)
for (const b of BANNED) for (const f of files) if (readFileSync(join(src, f), 'utf8').includes(b)) errors.push(`${f} uses the word ${b}`)
/* Words that are wrong unless something stands before them. */
const ALONE = [[/(?<!营销)活动(?!率)/, '活动 alone (营销活动)'], [/(?<!多)片段/, '片段 (事项)'], [/用户(?!名)/, '用户 (成员, 账号)'], [/线上客服人员/, '坐席'], [/销售机会/, '商机'], [/客户互动/, '跟进记录, 互动记录'], [/\bLeads? pool\b/i, 'pool']]
const wrong = s => [...BANNED.filter(b => s.includes(b)), ...ALONE.filter(([r]) => r.test(s)).map(([, w]) => w)]
for (const [l, m] of Object.entries(texts)) for (const [k, v] of m) for (const [r, w] of ALONE) if (r.test(v)) errors.push(`${l}.json: ${k} uses ${w}`)
/* The agreed word of each thing: what the text must hold. */
const AGREED = { 'nav.home': '工作台', 'nav.tiers': '客户分级', 'work.team': '团队看板', 'palette.title': '搜索', 'peek.title': '快速预览', 'log.title': '写跟进', 'insight.lastTouch': '最近跟进', 'insight.tier': '客户等级',
  'insight.stage': '生命周期阶段', 'insight.revenue': '净销售额', 'tiers.revenue': '净销售额', 'work.quietFor': '天未跟进', 'bin.title': '回收站', 'audit.title': '操作日志' }
for (const [k, w] of Object.entries(AGREED)) if (!zh.get(k)?.includes(w)) errors.push(`zh-CN.json: ${k} does not say ${w}`)
/* Packs: every label in both languages, no banned word, and the agreed words. */
const root = join(src, '../..')
const packs = readdirSync(join(root, 'packs'), { recursive: true }).map(String).filter(f => f.endsWith('.json'))
const AGREED_LABELS = { customer: '客户', interaction: '跟进记录', 'customer.tier': '客户等级', 'customer.stage': '生命周期阶段', 'customer.revenue': '净销售额', 'customer.last_interaction_at': '最近跟进', 'interaction.next_at': '下次跟进', user: '成员' }
function labels(o, where, out) {
  if (Array.isArray(o)) o.forEach((x, i) => labels(x, `${where}.${x?.name ?? x?.value ?? i}`, out))
  else if (o && typeof o === 'object') {
    const langs = Object.keys(o).filter(k => k === 'zh-CN' || k === 'en')
    if (langs.length) {
      if (langs.length < 2) errors.push(`${where}: in one language only`)
      for (const l of langs) for (const w of wrong(String(o[l]))) errors.push(`${where}: uses the word ${w}`)
      out.push([where, o['zh-CN']])
    } else for (const [k, v] of Object.entries(o)) if (k !== 'aliases') labels(v, `${where}.${k}`, out)
  }
}
for (const f of packs) {
  let pack
  try { pack = JSON.parse(readFileSync(join(root, 'packs', f), 'utf8')) } catch (e) { errors.push(`packs/${f}: ${e.message}`); continue }
  labels(pack, 'packs/' + f, [])
  for (const [k, w] of Object.entries(AGREED_LABELS)) {
    const [object, field] = k.split('.')
    if (!/(^|[\\/])objects[\\/]/.test(f) || pack.name !== object || !f.startsWith('core')) continue
    const got = field ? pack.fields?.find(x => x.name === field)?.label?.['zh-CN'] : pack.label?.['zh-CN']
    if (got !== w) errors.push(`packs/${f}: ${k} is called ${got}, not ${w}`)
  }
}
for (const line of readFileSync(join(root, 'src/core/messages.def'), 'utf8').split('\n')) for (const w of wrong(line)) errors.push(`messages.def: ${line.slice(2, 40)} uses the word ${w}`)
if (errors.length) {
  console.error(errors.join('\n'))
  process.exit(1)
}
console.log(`i18n: ${zh.size} texts in two languages, all used`)
