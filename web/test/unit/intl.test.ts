import { beforeEach, describe, expect, it } from 'vitest'
import { date, datetime, minorDigits, minorToText, money, moneyMajor, percentBp, setIntl, textToMinor, utcToWall, wallToUtc } from '../../src/lib/intl'

beforeEach(() => setIntl({ lang: 'en', zone: 'Asia/Shanghai', base: 'GBP' }))

describe('money', () => {
  it('minor digits come from the currency', () => expect(['GBP', 'JPY', 'KWD', '???'].map(minorDigits)).toEqual([2, 0, 3, 2]))
  const cases: [number, string, string][] = [[123456, 'GBP', '1234.56'], [-5, 'GBP', '-0.05'], [0, 'GBP', '0.00'], [1234, 'JPY', '1234'], [1, 'KWD', '0.001']]
  for (const [n, c, s] of cases) it(`${n} ${c} <-> ${s}`, () => { expect(minorToText(n, c)).toBe(s); expect(textToMinor(s, c)).toBe(n) })
  it('accepts separators and a sign in front', () => { expect(textToMinor('£1,234.5', 'GBP')).toBe(123450); expect(textToMinor(' 1，000 ', 'GBP')).toBe(100000) })
  for (const bad of ['', 'x', '1.234', '1.2.3', '--1', '1e5', '99999999999999999999']) it(`refuses ${bad || 'nothing'}`, () => expect(textToMinor(bad, 'GBP')).toBeNull())
  it('trailing zeros beyond the digits are fine', () => expect(textToMinor('1.2300', 'GBP')).toBe(123))
  it('shown with its own currency', () => { expect(money({ amount: 123456, currency: 'GBP' })).toBe('£1,234.56'); expect(money({ amount: 1234, currency: 'JPY' })).toBe('¥1,234'); expect(money(null)).toBe('') })
  it('without a currency the base is used', () => expect(money({ amount: 100 })).toBe('£1.00'))
  it('shares in basis points', () => expect(percentBp(3121)).toBe('31.2%'))
})

describe('dates stand in the zone of the company, not of the browser', () => {
  it('a date has no zone', () => expect(date('2011-12-01')).toBe('Dec 1, 2011'))
  it('a moment late in the UTC day is the next day in Shanghai', () => { expect(date('2011-12-01T20:00:00Z')).toBe('Dec 2, 2011'); expect(datetime('2011-12-01T20:05:00Z')).toBe('Dec 2, 2011, 04:05') })
  it('Chinese writes figures', () => { setIntl({ lang: 'zh-CN' }); expect(date('2011-12-01')).toBe('2011/12/01'); expect(datetime('2011-12-01T20:05:00Z')).toBe('2011/12/02 04:05') })
  it('midnight is 00, not 24', () => expect(datetime('2011-12-01T16:00:00Z')).toContain('00:00'))
  it('nonsense is shown as it is', () => { expect(date('soon')).toBe('soon'); expect(date(null)).toBe('') })
  const walls: [string, string, string][] = [
    ['2011-12-01T08:26:00Z', 'Asia/Shanghai', '2011-12-01 16:26:00'], ['2024-03-31T00:30:00Z', 'Europe/London', '2024-03-31 00:30:00'],
    ['2024-03-31T01:30:00Z', 'Europe/London', '2024-03-31 02:30:00'], ['2024-11-03T12:00:00Z', 'America/New_York', '2024-11-03 07:00:00'],
  ]
  for (const [utc, zone, wall] of walls) it(`${utc} in ${zone}`, () => { expect(utcToWall(utc, zone)).toBe(wall); expect(wallToUtc(wall, zone)).toBe(utc) })
  it('a typed day is its midnight', () => expect(wallToUtc('2024-05-06', 'Asia/Shanghai')).toBe('2024-05-05T16:00:00Z'))
  it('a day that is not in the calendar is refused', () => { expect(wallToUtc('2026-02-31 10:00')).toBeNull(); expect(wallToUtc('2024-02-29')).not.toBeNull(); expect(wallToUtc('2023-02-29')).toBeNull() })
  it('a figure in major units keeps its size', () => expect(moneyMajor(280206.02, 'GBP')).toBe(money({ amount: 28020602, currency: 'GBP' })))
  it('a text that is no date is refused', () => expect(wallToUtc('tomorrow')).toBeNull())
})
