import { describe, expect, it } from 'vitest'
import { andOf, parseChips, printChips, quote, splitAnd, type Chip, type Kind } from '../../src/lib/filter'

const KINDS: Record<string, Kind> = { tier: 'text', name: 'text', revenue: 'number', customer: 'number', active: 'bool', birthday: 'date', ordered_at: 'datetime' }
const kindOf = (f: string): Kind | null => KINDS[f] ?? null

describe('chips <-> expression', () => {
  const cases: [string, Chip[]][] = [
    ["tier = 'vip'", [{ field: 'tier', op: '=', value: 'vip' }]],
    ["tier in ('vip', 'main') and revenue >= 100.5", [{ field: 'tier', op: 'in', value: ['vip', 'main'] }, { field: 'revenue', op: '>=', value: '100.5' }]],
    ["tier not in ('vip', 'main')", [{ field: 'tier', op: 'not in', value: ['vip', 'main'] }]],
    ["name contains 'O''Neil and ''co'''", [{ field: 'name', op: 'contains', value: "O'Neil and 'co'" }]],
    ["name starts with '茶'", [{ field: 'name', op: 'starts', value: '茶' }]],
    ['customer = 7', [{ field: 'customer', op: '=', value: '7' }]],
    ['active = true', [{ field: 'active', op: '=', value: 'true' }]],
    ['birthday is empty and name is not empty', [{ field: 'birthday', op: 'is empty', value: '' }, { field: 'name', op: 'is not empty', value: '' }]],
    ['ordered_at >= now() - 90 days', [{ field: 'ordered_at', op: 'last_days', value: '90' }]],
    ['birthday >= today() - 30 days', [{ field: 'birthday', op: 'last_days', value: '30' }]],
    ["birthday <= '2024-03-01'", [{ field: 'birthday', op: '<=', value: '2024-03-01' }]],
    ['revenue < -5', [{ field: 'revenue', op: '<', value: '-5' }]],
  ]
  for (const [text, chips] of cases) it(text, () => {
    expect(parseChips(text, kindOf)).toEqual(chips)
    expect(printChips(chips, kindOf)).toBe(text)
  })
  it('an empty text has no chips', () => expect(parseChips('  ', kindOf)).toEqual([]))
  it('keywords in any case', () => expect(parseChips("tier IN ('vip') AND name IS EMPTY", kindOf)).toHaveLength(2))
  it('a list of one is written with =', () => expect(printChips([{ field: 'tier', op: 'in', value: ['vip'] }], kindOf)).toBe("tier = 'vip'"))
  it('what is no number is quoted, never written bare', () => expect(printChips([{ field: 'revenue', op: '>', value: '1 or true' }], kindOf)).toBe("revenue > '1 or true'"))
  for (const text of ["tier = 'vip' or tier = 'main'", "not (tier = 'vip')", 'customer.owner = 3', "tier = 'vip", 'nosuch = 1', '(tier = 1', 'revenue * 2 > 5'])
    it(`no chips for: ${text}`, () => expect(parseChips(text, kindOf)).toBeNull())
})

describe('splitAnd, andOf, quote', () => {
  it('leaves and inside quotes and parentheses alone', () => expect(splitAnd("a = 'x and y' and (b = 1 and c = 2)")).toEqual(["a = 'x and y'", '(b = 1 and c = 2)']))
  it('refuses what is not closed', () => { expect(splitAnd("a = 'x")).toBeNull(); expect(splitAnd('(a')).toBeNull(); expect(splitAnd('a)')).toBeNull() })
  it('joins and puts an or in parentheses', () => expect(andOf('a = 1 or b = 2', '', 'c = 3')).toBe('(a = 1 or b = 2) and c = 3'))
  it('doubles quotes', () => expect(quote("it's")).toBe("'it''s'"))
})
