/* Checks the interface texts: same keys in both languages, none missing, none unused, same placeholders, no banned word. */
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
if (errors.length) {
  console.error(errors.join('\n'))
  process.exit(1)
}
console.log(`i18n: ${zh.size} texts in two languages, all used`)
