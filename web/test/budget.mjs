/* Size of the first page after signing in (HTML + JS + CSS, brotli): what the entry and the list page load. Ends with an error above the budget. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const LIMIT = 250 * 1024
const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
const br = file => brotliCompressSync(readFileSync(join(dist, file)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

const files = new Set(['index.html'])
const seen = new Set()
function take(key) {
  const e = manifest[key]
  if (!e) throw new Error(`not in the manifest: ${key}`)
  if (seen.has(key)) return
  seen.add(key)
  files.add(e.file)
  for (const c of e.css ?? []) files.add(c)
  for (const i of e.imports ?? []) take(i)
}
for (const k of ['index.html', 'src/app/AppShell.vue', 'src/pages/RecordList.vue', 'src/i18n/zh-CN.json']) take(k)
let sum = 0
for (const f of files) {
  const n = br(f)
  sum += n
  console.log(`${String(n).padStart(8)}  ${f}`)
}
console.log(`${String(sum).padStart(8)}  first page in ${files.size} files (budget ${LIMIT})`)
if (sum > LIMIT) {
  console.error('over the budget')
  process.exit(1)
}
