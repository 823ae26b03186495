/* Pinyin initials of Han text ("客户列表" -> "khlb") from the browser's own collation: a character stands between two known ones. */
const LETTERS = 'abcdefghjklmnopqrstwxyz'
const FIRST = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥撒它挖昔压匝'
let collator: Intl.Collator | null | undefined

function usable(): Intl.Collator | null {
  if (collator !== undefined) return collator
  const c = new Intl.Collator('zh-CN-u-co-pinyin')
  collator = c.compare('阿', '八') < 0 && c.compare('客', '列') < 0 && c.compare('压', '匝') < 0 ? c : null
  return collator
}
export function initials(text: string): string {
  const c = usable()
  let out = ''
  for (const ch of text) {
    if (/[a-z0-9]/i.test(ch)) { out += ch.toLowerCase(); continue }
    if (!c || !/[\u4e00-\u9fff]/.test(ch)) continue
    for (let i = FIRST.length - 1; i >= 0; i--) if (c.compare(ch, FIRST[i]!) >= 0) { out += LETTERS[i]; break }
  }
  return out
}
/* Does the query match: substring of any name, or prefix of the initials? Empty matches all. */
export function matches(q: string, names: readonly string[]): boolean {
  const t = q.trim().toLowerCase()
  if (!t) return true
  return names.some(n => n.toLowerCase().includes(t) || (t.length > 1 && initials(n).startsWith(t.replace(/\s/g, ''))))
}
