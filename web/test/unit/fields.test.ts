import { beforeAll, describe, expect, it } from 'vitest'
import type { Field, Rec } from '../../src/api/types'
import { prefs } from '../../src/app/prefs'
import { currencyOf, defOf, fieldTypes, opsOf } from '../../src/fields/registry'
import { setIntl } from '../../src/lib/intl'
import { setLanguage } from '../../src/i18n'

const f = (type: string, more: Partial<Field> = {}): Field => ({ name: 'x', type, label: { en: 'X', 'zh-CN': '某' }, ...more })
const OPTIONS = [{ value: 'vip', label: { en: 'Strategic', 'zh-CN': '战略' } }]
beforeAll(async () => {
  await setLanguage('en')
  setIntl({ zone: 'Asia/Shanghai', base: 'GBP' })
})

/* The contract of every type: an API value goes into the editor and comes back the same; nothing is nothing both ways. */
const SAMPLES: Record<string, unknown> = {
  text: '龙井 Tea', phone: '+44 20 7946 0100', email: 'a@example.com', url: 'https://example.com', longtext: 'two\nlines', int: -42, decimal: 12.3456,
  money: { amount: 123456, currency: 'GBP' }, bool: true, date: '2024-02-29', datetime: '2011-12-01T08:26:00Z', enum: 'vip', ref: 7, user: 1, country: 'CN',
}
describe('every field type', () => {
  it('has a sample here', () => expect(Object.keys(SAMPLES).sort()).toEqual([...fieldTypes].sort()))
  for (const type of fieldTypes) it(`${type}: format, edit, parse`, () => {
    const field = f(type, type === 'enum' ? { options: OPTIONS } : type === 'ref' ? { ref: 'customer' } : {})
    const d = defOf(field)
    const v = SAMPLES[type]
    expect(d.parse(d.toEdit(v, field), field)).toEqual(v)
    expect(d.format(type === 'ref' || type === 'user' ? { id: v, title: 'T' } : v, field)).not.toBe('')
    expect(d.format(null, field)).toBe('')
    expect(d.toEdit(null, field)).toBe('')
    expect(d.parse('', field)).toBeNull()
    expect(d.ops.length).toBeGreaterThan(0)
  })
  it('an unknown type is read only text', () => { expect(defOf(f('hologram')).editor).toBe('none'); expect(defOf(f('hologram')).format({ a: 1 }, f('hologram'))).toBe('{"a":1}') })
})
describe('refusals name what is expected', () => {
  const bad: [string, string, RegExp][] = [['int', '1.5', /whole number/], ['decimal', '1.23456', /4 decimals/], ['money', 'ten', /GBP/], ['date', '01/02/2024', /2024-03-01/], ['datetime', 'noon', /2024-03-01/]]
  for (const [type, text, say] of bad) it(`${type} ${text}`, () => expect(() => defOf(f(type)).parse(text, f(type))).toThrow(say))
})
describe('details', () => {
  it('the scale of a decimal is kept', () => expect(() => defOf(f('decimal', { scale: 2 })).parse('1.234', f('decimal', { scale: 2 }))).toThrow(/2 decimals/))
  it('money takes the currency of its record', () => {
    const field = f('money', { currency_from: 'currency' })
    const r = { id: 1, rev: 1, currency: 'JPY' } as Rec
    expect(currencyOf(field, r)).toBe('JPY')
    expect(defOf(field).parse('1,500', field, r)).toEqual({ amount: 1500, currency: 'JPY' })
    expect(currencyOf(field, { id: 1, rev: 1 } as Rec)).toBe('GBP')
  })
  it('an enum value is shown by its label in the reader\'s language', async () => {
    const field = f('enum', { options: OPTIONS })
    expect(defOf(field).format('vip', field)).toBe('Strategic')
    await setLanguage('zh-CN')
    expect(prefs.lang).toBe('zh-CN')
    expect(defOf(field).format('vip', field)).toBe('战略')
    expect(defOf(field).format('gone', field)).toBe('gone')
    await setLanguage('en')
  })
  it('operators are those the server knows', () => {
    expect(opsOf(f('text', { operators: ['=', 'is_empty'] }))).toEqual(['=', 'is empty', 'is not empty'])
    expect(opsOf(f('datetime', { operators: ['<', '>='] }))).toEqual(['last_days', '>='])
    expect(opsOf(f('enum', { operators: ['=', 'in'] }))).toEqual(['in', 'not in'])
  })
})
