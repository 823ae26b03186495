/* Filters: chips <-> text of the expression language (docs/expressions.md). The text is the truth and lives in the URL; chips are a
 * reading of it. A text that is not a plain `and` of simple conditions has no chips and is edited as text. */
export type Op = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'starts' | 'in' | 'not in' | 'is empty' | 'is not empty' | 'last_days'
export interface Chip { field: string; op: Op; value: string | string[] }
/* How a value is written: text in quotes, number bare, bool bare; `time` picks now() or today() for last_days. */
export type Kind = 'text' | 'number' | 'bool' | 'date' | 'datetime'
export type KindOf = (field: string) => Kind | null

/* Interface texts of the operators. */
export const OP_KEYS: Record<Op, string> = {
  '=': 'op.eq', '!=': 'op.ne', '<': 'op.lt', '<=': 'op.le', '>': 'op.gt', '>=': 'op.ge', contains: 'op.contains', starts: 'op.starts', in: 'op.in',
  'not in': 'op.not_in', 'is empty': 'op.is_empty', 'is not empty': 'op.is_not_empty', last_days: 'op.last_days',
}

export const quote = (s: string): string => `'${s.replace(/'/g, "''")}'`
const ident = (s: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(s) ? s : `"${s.replace(/"/g, '""')}"`)

function literal(v: string, kind: Kind): string {
  if (kind === 'bool') return v === 'true' ? 'true' : 'false'
  if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(v.trim()) ? v.trim() : quote(v)
  return quote(v)
}

export function printChip(c: Chip, kindOf: KindOf): string {
  const kind = kindOf(c.field) ?? 'text'
  const f = ident(c.field)
  if (c.op === 'is empty' || c.op === 'is not empty') return `${f} ${c.op}`
  if (c.op === 'last_days') return `${f} >= ${kind === 'date' ? 'today()' : 'now()'} - ${Number(c.value) || 0} days`
  if (c.op === 'in' || c.op === 'not in') {
    const list = Array.isArray(c.value) ? c.value : [c.value]
    if (list.length === 1) return `${f} ${c.op === 'in' ? '=' : '!='} ${literal(list[0]!, kind)}`
    return `${f} ${c.op} (${list.map(v => literal(v, kind)).join(', ')})`
  }
  return `${f} ${c.op === 'starts' ? 'starts with' : c.op} ${literal(Array.isArray(c.value) ? (c.value[0] ?? '') : c.value, kind)}`
}
export const printChips = (chips: readonly Chip[], kindOf: KindOf): string => chips.map(c => printChip(c, kindOf)).join(' and ')

/* Splits at top-level `and`; null when the text has an `or`, a `not (`, or unbalanced quotes or parentheses. */
export function splitAnd(text: string): string[] | null {
  const parts: string[] = []
  let depth = 0, start = 0, i = 0
  while (i < text.length) {
    const ch = text[i]!
    if (ch === "'" || ch === '"') {
      let j = i + 1
      for (;;) {
        const k = text.indexOf(ch, j)
        if (k < 0) return null
        if (text[k + 1] === ch) { j = k + 2; continue }
        i = k + 1
        break
      }
      continue
    }
    if (ch === '(') depth++
    else if (ch === ')' && --depth < 0) return null
    else if (depth === 0 && /\s/.test(ch)) {
      const m = /^\s+(and|or)(?=[\s('"])/i.exec(text.slice(i))
      if (m) {
        if (m[1]!.toLowerCase() === 'or') return null
        parts.push(text.slice(start, i).trim())
        i += m[0].length
        start = i
        continue
      }
    }
    i++
  }
  if (depth !== 0) return null
  parts.push(text.slice(start).trim())
  return parts
}

const LIT = String.raw`'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false`
const NAME = String.raw`([A-Za-z_][A-Za-z0-9_]*|"(?:[^"]|"")*")`
const RE_CMP = new RegExp(`^${NAME}\\s*(=|!=|<=|>=|<|>)\\s*(${LIT})$`, 'i')
const RE_WORD = new RegExp(`^${NAME}\\s+(contains|starts\\s+with)\\s+(${LIT})$`, 'i')
const RE_IN = new RegExp(`^${NAME}\\s+(not\\s+in|in)\\s*\\(\\s*((?:${LIT})(?:\\s*,\\s*(?:${LIT}))*)\\s*\\)$`, 'i')
const RE_EMPTY = new RegExp(`^${NAME}\\s+is\\s+(not\\s+)?empty$`, 'i')
const RE_LAST = new RegExp(`^${NAME}\\s*>=\\s*(?:now|today)\\(\\)\\s*-\\s*(\\d+)\\s+days?$`, 'i')

const unlit = (s: string): string => (s[0] === "'" ? s.slice(1, -1).replace(/''/g, "'") : s)
const unident = (s: string): string => (s[0] === '"' ? s.slice(1, -1).replace(/""/g, '"') : s)

export function parseChips(text: string, kindOf: KindOf): Chip[] | null {
  const t = text.trim()
  if (!t) return []
  const parts = splitAnd(t)
  if (!parts) return null
  const out: Chip[] = []
  for (const p of parts) {
    let m: RegExpExecArray | null
    let c: Chip | null = null
    if ((m = RE_EMPTY.exec(p))) c = { field: unident(m[1]!), op: m[2] ? 'is not empty' : 'is empty', value: '' }
    else if ((m = RE_LAST.exec(p))) c = { field: unident(m[1]!), op: 'last_days', value: m[2]! }
    else if ((m = RE_IN.exec(p))) {
      const list = m[3]!.match(new RegExp(LIT, 'gi')) ?? []
      c = { field: unident(m[1]!), op: /^not/i.test(m[2]!) ? 'not in' : 'in', value: list.map(unlit) }
    } else if ((m = RE_WORD.exec(p))) c = { field: unident(m[1]!), op: /^contains$/i.test(m[2]!) ? 'contains' : 'starts', value: unlit(m[3]!) }
    else if ((m = RE_CMP.exec(p))) c = { field: unident(m[1]!), op: m[2] as Op, value: unlit(m[3]!) }
    if (!c || kindOf(c.field) === null) return null
    out.push(c)
  }
  return out
}

export const andOf = (...parts: (string | null | undefined)[]): string => {
  const used = parts.map(p => (p ?? '').trim()).filter(Boolean)
  return used.length < 2 ? (used[0] ?? '') : used.map(p => (splitAnd(p) ? p : `(${p})`)).join(' and ')
}
