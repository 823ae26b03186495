/* One definition a field type: how it is shown, aligned, typed and filtered. An unknown type is text and read only. */
import type { Field, Money, Rec, Ref } from '../api/types'
import type { Kind, Op } from '../lib/filter'
import { countryName, date, datetime, intlState, isDay, minorToText, money, number, textToMinor, utcToWall, wallToUtc } from '../lib/intl'
import { optionLabel } from '../schema/store'
import { t } from '../i18n'

export type Editor = 'text' | 'area' | 'number' | 'money' | 'date' | 'datetime' | 'enum' | 'bool' | 'ref' | 'country' | 'none'
export interface FieldDef {
  editor: Editor
  kind: Kind
  width: number
  align: 'left' | 'right'
  mono?: boolean
  ops: Op[]
  format: (v: unknown, f: Field) => string
  /* API value -> what the editor holds, and back; parse throws an Error with a message for the reader. */
  toEdit: (v: unknown, f: Field, r?: Rec) => string
  parse: (s: string, f: Field, r?: Rec) => unknown
}

const str = (v: unknown): string => (v === null || v === undefined ? '' : String(v))
const textOps: Op[] = ['contains', 'starts', '=', '!=', 'is empty', 'is not empty']
const rangeOps: Op[] = ['>=', '<=', '=', '!=', '>', '<', 'is empty', 'is not empty']
const oneOps: Op[] = ['in', 'not in', 'is empty', 'is not empty']

const text: FieldDef = {
  editor: 'text', kind: 'text', width: 160, align: 'left', ops: textOps, format: str, toEdit: str, parse: s => (s.trim() === '' ? null : s.trim()),
}
function parseNumber(s: string, decimals: number): number | null {
  const c = s.trim().replace(/[,，\s]/g, '')
  if (c === '') return null
  const ok = decimals > 0 ? new RegExp(`^-?\\d+(\\.\\d{0,${decimals}})?$`) : /^-?\d+$/
  if (!ok.test(c)) throw new Error(decimals > 0 ? t('fields.badDecimal', { n: decimals }) : t('fields.badInt'))
  return Number(c)
}
const int: FieldDef = {
  editor: 'number', kind: 'number', width: 100, align: 'right', ops: rangeOps,
  format: v => (typeof v === 'number' ? number(v) : str(v)), toEdit: str, parse: s => parseNumber(s, 0),
}
const decimal: FieldDef = { ...int, width: 110, format: (v, f) => (typeof v === 'number' ? number(v, f.scale ?? 4) : str(v)), parse: (s, f) => parseNumber(s, f.scale ?? 4) }

export function currencyOf(f: Field, r?: Rec): string {
  const own = r?.[f.name] as Money | null | undefined
  if (own?.currency) return own.currency
  const from = f.currency_from ? r?.[f.currency_from] : null
  return typeof from === 'string' && from ? from : intlState().base
}
const moneyDef: FieldDef = {
  editor: 'money', kind: 'number', width: 112, align: 'right', ops: rangeOps,
  format: v => money(v as Money | null),
  toEdit: (v, f, r) => (v ? minorToText((v as Money).amount, currencyOf(f, r)) : ''),
  parse: (s, f, r) => {
    if (s.trim() === '') return null
    const currency = currencyOf(f, r)
    const amount = textToMinor(s, currency)
    if (amount === null) throw new Error(t('fields.badMoney', { currency }))
    return { amount, currency }
  },
}
const dateDef: FieldDef = {
  editor: 'date', kind: 'date', width: 116, align: 'left', ops: ['>=', '<=', '=', 'last_days', 'is empty', 'is not empty'], format: v => date(v as string), toEdit: str,
  parse: s => {
    if (s.trim() === '') return null
    const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(s.trim())
    if (!m || !isDay(+m[1]!, +m[2]!, +m[3]!)) throw new Error(t('fields.badDate'))
    return s.trim()
  },
}
const datetimeDef: FieldDef = {
  ...dateDef, editor: 'datetime', kind: 'datetime', width: 152, ops: ['last_days', '>=', '<=', 'is empty', 'is not empty'], format: v => datetime(v as string),
  toEdit: v => (v ? utcToWall(v as string) : ''),
  parse: s => {
    if (s.trim() === '') return null
    const u = wallToUtc(s)
    if (!u) throw new Error(t('fields.badDate'))
    return u
  },
}
const enumDef: FieldDef = {
  ...text, editor: 'enum', width: 90, ops: oneOps, format: (v, f) => optionLabel(f, v), parse: s => (s === '' ? null : s),
}
const bool: FieldDef = {
  ...text, editor: 'bool', kind: 'bool', width: 80, ops: ['='], format: v => (v === true ? t('fields.yes') : v === false ? t('fields.no') : ''), parse: s => (s === '' ? null : s === 'true'),
}
const ref: FieldDef = {
  ...text, editor: 'ref', kind: 'number', width: 130, ops: oneOps,
  format: v => (v && typeof v === 'object' ? ((v as Ref).title || `#${(v as Ref).id}`) : str(v)),
  toEdit: v => (v && typeof v === 'object' ? String((v as Ref).id) : str(v)),
  parse: s => (s === '' ? null : Number(s)),
}
const country: FieldDef = { ...text, editor: 'country', width: 124, ops: ['=', '!=', 'is empty', 'is not empty'], format: v => (v ? (/^[A-Z]{2}$/.test(str(v)) ? countryName(str(v)) : str(v)) : ''), parse: s => (s === '' ? null : s) }
const unknown: FieldDef = { ...text, editor: 'none', ops: ['is empty', 'is not empty'], format: v => (v !== null && typeof v === 'object' ? JSON.stringify(v) : str(v)) }

const REGISTRY: Record<string, FieldDef> = {
  text, phone: { ...text, width: 150, mono: true }, email: { ...text, width: 190 }, url: { ...text, width: 190 },
  longtext: { ...text, editor: 'area', width: 220, ops: ['contains', 'is empty', 'is not empty'] },
  int, decimal, money: moneyDef, bool, date: dateDef, datetime: datetimeDef, enum: enumDef, ref, user: ref, country,
}
export const defOf = (f: Field | undefined): FieldDef => (f && REGISTRY[f.type]) || unknown
export const fieldTypes = Object.keys(REGISTRY)
export const refObject = (f: Field): string => f.ref ?? (f.type === 'user' ? 'user' : '')

/* Operators offered for a filter: ours that the server's list allows (it names is_empty once; ranges for last_days). */
export function opsOf(f: Field): Op[] {
  const server = f.operators
  const def = defOf(f)
  if (!server?.length) return def.ops
  const has = (o: string): boolean => server.includes(o)
  return def.ops.filter(o => {
    if (o === 'is empty' || o === 'is not empty') return has('is_empty') || has('is empty')
    if (o === 'not in') return has('in') || has('not_in')
    if (o === 'last_days') return has('>=')
    return has(o)
  })
}
/* May this field stand in a filter or a sort at any size? Only indexed ones (others are refused on large tables). */
export const filterable = (f: Field): boolean => f.type !== 'json' && opsOf(f).length > 0
