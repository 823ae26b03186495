import { describe, expect, it } from 'vitest'
import { putFirst } from '../../src/app/recent'
import { parts } from '../../src/lib/ranges'

describe('ranges of a search', () => {
  const rows: [string, [number, number][], string][] = [
    ['张伟', [[0, 2]], '[张伟]'],
    ['小张伟民', [[1, 3]], '小[张伟]民'],
    ['🎁手机', [[2, 4]], '🎁[手机]'],
    ['Zurich Trading', [[0, 3], [7, 11]], '[Zur]ich [Trad]ing'],
    ['abc', [], 'abc'],
    ['', [], ''],
    ['abc', [[1, 9]], 'a[bc]'],
    ['abc', [[2, 1], [5, 6]], 'abc'],
  ]
  it.each(rows)('%s %j', (text, ranges, want) => {
    expect(parts(text, ranges).map(p => (p.on ? `[${p.text}]` : p.text)).join('')).toBe(want)
  })
})
describe('records opened lately', () => {
  it('puts the newest first, each once, eight at most', () => {
    let list = Array.from({ length: 8 }, (_, i) => ({ object: 'customer', id: i + 1 }))
    list = putFirst(list, { object: 'order', id: 3 })
    expect(list.length).toBe(8)
    expect(list[0]).toEqual({ object: 'order', id: 3 })
    list = putFirst(list, { object: 'customer', id: 3 })
    expect(list.filter(r => r.object === 'customer' && r.id === 3).length).toBe(1)
    expect(list[0]).toEqual({ object: 'customer', id: 3 })
  })
})
