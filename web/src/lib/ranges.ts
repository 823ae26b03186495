/* Cuts a text at ranges (UTF-16 units, in order, apart) into marked and unmarked parts. */
export interface Part { text: string; on: boolean }
export function parts(text: string, ranges: readonly (readonly [number, number])[]): Part[] {
  const out: Part[] = []
  let at = 0
  for (const [from, to] of ranges) {
    if (from < at || to <= from || from >= text.length) continue
    if (from > at) out.push({ text: text.slice(at, from), on: false })
    out.push({ text: text.slice(from, to), on: true })
    at = to
  }
  if (at < text.length || !out.length) out.push({ text: text.slice(at), on: false })
  return out
}
