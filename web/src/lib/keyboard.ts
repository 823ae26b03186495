/* Keyboard: single keys and two-key sequences ("g c"), never inside inputs, never while an input method composes. Chinese punctuation
 * counts as its Latin twin. Single keys can be switched off (WCAG 2.1.4); combinations with Ctrl or Cmd always work. */
export interface Shortcut { keys: string; run: (e: KeyboardEvent) => void; when?: () => boolean; inInputs?: boolean }

const SAME: Record<string, string> = { '？': '?', '、': '/', '【': '[', '】': ']' }

export function keyName(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const k = SAME[e.key] ?? (e.key.length === 1 ? e.key.toLowerCase() : e.key)
  return (e.ctrlKey || e.metaKey ? 'mod+' : '') + (e.altKey ? 'alt+' : '') + k
}
export const composing = (e: KeyboardEvent): boolean => e.isComposing || e.keyCode === 229

export function inInput(t: EventTarget | null): boolean {
  if (!(t instanceof HTMLElement)) return false
  return t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) || t.getAttribute('role') === 'combobox'
}

export class Keyboard {
  private list: Shortcut[] = []
  private first = ''
  private firstAt = 0
  singleKeys = true

  add(items: Shortcut[]): () => void {
    this.list.push(...items)
    return () => { this.list = this.list.filter(s => !items.includes(s)) }
  }
  /* True when the key was used. A later shortcut of the same keys wins over an earlier one. */
  handle(e: KeyboardEvent, now = Date.now()): boolean {
    if (e.defaultPrevented || composing(e)) return false
    const k = keyName(e)
    const typing = inInput(e.target)
    const mod = k.startsWith('mod+') || k.startsWith('alt+')
    const find = (keys: string): Shortcut | undefined => {
      for (let i = this.list.length - 1; i >= 0; i--) {
        const s = this.list[i]!
        if (s.keys === keys && (!typing || s.inInputs) && (!s.when || s.when())) return s
      }
      return undefined
    }
    if (!mod && k.length === 1 && !this.singleKeys) return false
    if (this.first && now - this.firstAt < 1200) {
      const s = find(this.first + ' ' + k)
      this.first = ''
      if (s) { e.preventDefault(); s.run(e); return true }
    }
    this.first = ''
    const s = find(k)
    if (s) { e.preventDefault(); s.run(e); return true }
    if (!mod && !typing && this.list.some(x => x.keys.startsWith(k + ' '))) {
      this.first = k
      this.firstAt = now
    }
    return false
  }
}
