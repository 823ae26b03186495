/* Columns and form sections of an object, from its layouts or, where there are none, derived: title, required, then the rest. */
import type { Field, FormSection, Label, SchemaObject } from '../api/types'
import { load, save } from '../lib/store'
import { fieldOf } from '../schema/store'

const MAIN: Label = { 'zh-CN': '基本信息', en: 'Details' }

export function formSections(o: SchemaObject): FormSection[] {
  if (o.layouts.form?.length) {
    const used = new Set(o.layouts.form.flatMap(s => s.fields))
    const missing = o.fields.filter(f => f.required && !used.has(f.name) && !f.readonly && !f.derived && !f.system).map(f => f.name)
    return missing.length ? [{ label: MAIN, fields: missing }, ...o.layouts.form] : o.layouts.form
  }
  const own = o.fields.filter(f => !f.system)
  const rank = (f: Field): number => (f.name === o.title_field ? 0 : f.required ? 1 : 2)
  return [{ label: MAIN, fields: own.slice().sort((a, b) => rank(a) - rank(b)).map(f => f.name) }]
}
/* Shown facts: the form sections, then what is derived, then the system's own. */
export function factSections(o: SchemaObject): { key: string; label: Label | null; fields: string[] }[] {
  const form = formSections(o).map((s, i) => ({ key: 's' + i, label: s.label as Label | null, fields: s.fields }))
  const used = new Set(form.flatMap(s => s.fields))
  const rest = o.fields.filter(f => !used.has(f.name) && !f.system)
  const out = form
  if (rest.length) out.push({ key: 'derived', label: null, fields: rest.map(f => f.name) })
  const sys = o.fields.filter(f => f.system && ['created_at', 'created_by', 'updated_at', 'updated_by'].includes(f.name)).map(f => f.name)
  if (sys.length) out.push({ key: 'system', label: null, fields: sys })
  return out
}
export function defaultColumns(o: SchemaObject, view?: { columns?: string[] | null } | undefined): string[] {
  const list = (view?.columns?.length ? view.columns : o.layouts.list?.length ? o.layouts.list : o.fields.filter(f => !f.system).slice(0, 8).map(f => f.name)).filter(n => fieldOf(o, n))
  return list.includes(o.title_field) ? list : [o.title_field, ...list].filter(n => fieldOf(o, n))
}
const columnKey = (o: string, view: string): string => `columns.${o}.${view}`
export function savedColumns(o: SchemaObject, view: string): string[] | null {
  const c = load<string[] | null>(columnKey(o.name, view), null)
  const ok = Array.isArray(c) ? c.filter(n => fieldOf(o, n)) : null
  return ok?.length ? ok : null
}
export const saveColumns = (o: SchemaObject, view: string, columns: string[] | null): void => save(columnKey(o.name, view), columns)
