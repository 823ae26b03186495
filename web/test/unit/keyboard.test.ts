import { describe, expect, it } from 'vitest'
import { Keyboard, keyName } from '../../src/lib/keyboard'

function press(k: Keyboard, key: string, o: KeyboardEventInit & { on?: HTMLElement } = {}, now = 0): boolean {
  const e = new KeyboardEvent('keydown', { key, cancelable: true, ...o })
  Object.defineProperty(e, 'target', { value: o.on ?? document.body })
  return k.handle(e, now)
}
function setup(): { k: Keyboard; log: string[] } {
  const k = new Keyboard(), log: string[] = []
  k.add([{ keys: 'g c', run: () => log.push('gc') }, { keys: 'c', run: () => log.push('c') }, { keys: '?', run: () => log.push('?') }, { keys: 'mod+k', inInputs: true, run: () => log.push('k') }])
  return { k, log }
}
describe('keyboard', () => {
  it('sequences, and single keys on their own', () => {
    const { k, log } = setup()
    press(k, 'g'); press(k, 'c'); press(k, 'c')
    expect(log).toEqual(['gc', 'c'])
  })
  it('a slow second key is a key of its own', () => {
    const { k, log } = setup()
    press(k, 'g', {}, 0); press(k, 'c', {}, 2000)
    expect(log).toEqual(['c'])
  })
  it('never inside inputs, except where asked', () => {
    const { k, log } = setup()
    const on = document.createElement('input')
    expect(press(k, 'c', { on })).toBe(false)
    press(k, 'k', { on, ctrlKey: true })
    expect(log).toEqual(['k'])
  })
  it('never while an input method composes', () => {
    const { k, log } = setup()
    press(k, 'c', { isComposing: true })
    expect(log).toEqual([])
  })
  it('Chinese punctuation counts as its Latin twin', () => {
    const { k, log } = setup()
    press(k, '？')
    expect(log).toEqual(['?'])
    expect(keyName({ key: '、', ctrlKey: false, metaKey: false, altKey: false })).toBe('/')
  })
  it('single keys can be switched off, combinations stay', () => {
    const { k, log } = setup()
    k.singleKeys = false
    press(k, 'c'); press(k, 'g'); press(k, 'c'); press(k, 'k', { metaKey: true })
    expect(log).toEqual(['k'])
  })
  it('the later shortcut wins while it lives', () => {
    const { k, log } = setup()
    const off = k.add([{ keys: 'c', run: () => log.push('page c') }])
    press(k, 'c'); off(); press(k, 'c')
    expect(log).toEqual(['page c', 'c'])
  })
})
