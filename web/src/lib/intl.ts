/* Numbers, money and dates by Intl: the reader's language, the company's zone. Nothing here ships locale data. */
import type { Money } from '../api/types'

const state = { lang: 'zh-CN', zone: 'UTC', base: 'CNY' }
const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

export function setIntl(p: Partial<typeof state>): void {
  Object.assign(state, p)
  cache.clear()
}
export const intlState = (): Readonly<typeof state> => state

function nf(key: string, o: Intl.NumberFormatOptions): Intl.NumberFormat {
  const k = 'n' + key
  let f = cache.get(k) as Intl.NumberFormat | undefined
  if (!f) {
    try { f = new Intl.NumberFormat(state.lang, o) } catch { f = new Intl.NumberFormat(state.lang, { ...o, currencyDisplay: 'symbol' }) }
    cache.set(k, f)
  }
  return f
}
function df(key: string, o: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const k = 'd' + key
  let f = cache.get(k) as Intl.DateTimeFormat | undefined
  if (!f) cache.set(k, (f = new Intl.DateTimeFormat(state.lang, o)))
  return f
}

/* Minor digits of a currency: GBP 2, JPY 0. An unknown code counts as 2. */
export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch { return 2 }
}

export function money(m: Money | null | undefined, fallback?: string): string {
  if (!m || m.amount === null || m.amount === undefined) return ''
  const cur = m.currency ?? fallback ?? state.base
  const d = minorDigits(cur)
  try {
    return nf('m' + cur, { style: 'currency', currency: cur, currencyDisplay: 'narrowSymbol' }).format(m.amount / 10 ** d)
  } catch { return `${(m.amount / 10 ** d).toFixed(d)} ${cur}` }
}
/* A figure in major units (a mean may be finer than the currency's smallest coin). */
export function moneyMajor(v: number, currency: string): string {
  return money({ amount: v * 10 ** minorDigits(currency), currency })
}
export function moneyShort(m: Money | null | undefined, fallback?: string): string {
  if (!m) return ''
  const cur = m.currency ?? fallback ?? state.base
  const v = m.amount / 10 ** minorDigits(cur)
  if (Math.abs(v) < 10000) return money(m, fallback)
  return nf('s' + cur, { style: 'currency', currency: cur, currencyDisplay: 'narrowSymbol', notation: 'compact', maximumFractionDigits: 1 }).format(v)
}
/* Minor units <-> plain text in major units, without floats: 123456 <-> "1234.56". */
export function minorToText(amount: number, currency: string): string {
  const d = minorDigits(currency)
  const s = String(Math.abs(amount)).padStart(d + 1, '0')
  return (amount < 0 ? '-' : '') + (d ? s.slice(0, -d) + '.' + s.slice(-d) : s)
}
export function textToMinor(text: string, currency: string): number | null {
  const d = minorDigits(currency)
  const t = text.trim().replace(/[,，\s]/g, '').replace(/^[¥￥£$€]/, '')
  const m = /^(-?)(\d+)(?:\.(\d*))?$/.exec(t)
  if (!m) return null
  const frac = m[3] ?? ''
  if (frac.length > d && /[1-9]/.test(frac.slice(d))) return null
  const n = Number((m[2] ?? '0') + frac.slice(0, d).padEnd(d, '0'))
  if (!Number.isSafeInteger(n)) return null
  return m[1] ? -n : n
}

export const number = (n: number | null | undefined, digits = 0): string =>
  n === null || n === undefined ? '' : nf('f' + digits, { maximumFractionDigits: digits, minimumFractionDigits: 0 }).format(n)
export const percentBp = (bp: number | null | undefined): string =>
  bp === null || bp === undefined ? '' : nf('p', { style: 'percent', maximumFractionDigits: 1 }).format(bp / 10000)

/* 2011/12/01 in Chinese; Dec 1, 2011 in English, where figures alone would be read both ways. */
const dayParts = (): Intl.DateTimeFormatOptions => (state.lang === 'en' ? { month: 'short', day: 'numeric' } : { month: '2-digit', day: '2-digit' })

export function date(v: string | null | undefined): string {
  if (!v) return ''
  if (/^\d{4}-\d{2}-\d{2}$/.test(v)) {
    const t = Date.parse(v + 'T00:00:00Z')
    return Number.isNaN(t) ? v : df('du', { year: 'numeric', ...dayParts(), timeZone: 'UTC' }).format(t)
  }
  const t = Date.parse(v)
  return Number.isNaN(t) ? v : df('dz', { year: 'numeric', ...dayParts(), timeZone: state.zone }).format(t)
}
export function datetime(v: string | null | undefined): string {
  if (!v) return ''
  const t = Date.parse(v)
  return Number.isNaN(t) ? v : df('tz', {
    year: 'numeric', ...dayParts(), hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: state.zone,
  }).format(t)
}
export function timeOfDay(v: string): string {
  return df('hm', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: state.zone }).format(Date.parse(v))
}
export function monthOf(v: string): string {
  return df('mo', { year: 'numeric', month: 'long', timeZone: state.zone }).format(Date.parse(v))
}

/* Wall clock of the company's zone, for editing: UTC instant <-> "YYYY-MM-DD HH:mm:ss". */
export function utcToWall(iso: string, zone = state.zone): string {
  const f = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  })
  const p: Record<string, string> = {}
  for (const x of f.formatToParts(Date.parse(iso))) p[x.type] = x.value
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`
}
/* Is it a day of the calendar? 2026-02-31 is none. */
export function isDay(y: number, m: number, d: number): boolean {
  const t = new Date(Date.UTC(y, m - 1, d))
  return t.getUTCMonth() === m - 1 && t.getUTCDate() === d
}
export function wallToUtc(wall: string, zone = state.zone): string | null {
  const m = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(wall.trim())
  if (!m || !isDay(+m[1]!, +m[2]!, +m[3]!)) return null
  const asUtc = Date.UTC(+m[1]!, +m[2]! - 1, +m[3]!, +(m[4] ?? 0), +(m[5] ?? 0), +(m[6] ?? 0))
  let t = asUtc
  for (let i = 0; i < 2; i++) t = asUtc - (Date.parse(utcToWall(new Date(t).toISOString(), zone).replace(' ', 'T') + 'Z') - t)
  return new Date(t).toISOString().replace('.000Z', 'Z')
}
/* Shows a UTC wall time differently: today's wall clock in the company's zone. */
export const nowWall = (zone = state.zone): string => utcToWall(new Date().toISOString(), zone)

let regions: Intl.DisplayNames | null = null
let regionsLang = ''
export function countryName(code: string): string {
  try {
    if (!regions || regionsLang !== state.lang) {
      regions = new Intl.DisplayNames([state.lang], { type: 'region' })
      regionsLang = state.lang
    }
    return regions.of(code) ?? code
  } catch { return code }
}
