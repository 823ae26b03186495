/* The schema as the server gave it: one shallow copy, replaced as a whole. */
import { computed, shallowRef } from 'vue'
import type { Field, FieldOption, Label, Schema, SchemaObject } from '../api/types'
import { setIntl } from '../lib/intl'
import { prefs } from '../app/prefs'

export const schema = shallowRef<Schema | null>(null)

export function setSchema(s: Schema): void {
  schema.value = Object.freeze(s)
  setIntl({ zone: s.zone, base: s.base_currency })
}
export const byName = computed(() => new Map((schema.value?.objects ?? []).map(o => [o.name, o])))
export const objectOf = (name: string): SchemaObject | undefined => byName.value.get(name)
export const fieldOf = (o: SchemaObject | undefined, name: string): Field | undefined => o?.fields.find(f => f.name === name)

/* The reader's language, then the other, then the fallback. */
export function label(l: Label | null | undefined, fallback = ''): string {
  return l?.[prefs.lang] || l?.['zh-CN'] || l?.en || fallback
}
/* A profile may have its own word for an object (follow-up for interaction). */
const wordOf = (o: SchemaObject): { label?: Label; plural?: Label } | undefined => schema.value?.profile?.words[o.name]
export const objectLabel = (o: SchemaObject): string => label(wordOf(o)?.label ?? o.label, o.name)
export const pluralLabel = (o: SchemaObject): string => label(wordOf(o)?.plural ?? o.plural, objectLabel(o))
export const fieldLabel = (f: Field | undefined, name = ''): string => label(f?.label, f?.name ?? name)
export function optionOf(f: Field | undefined, value: unknown): FieldOption | undefined {
  return f?.options?.find(o => o.value === value)
}
export const optionLabel = (f: Field | undefined, value: unknown): string =>
  value === null || value === undefined ? '' : label(optionOf(f, value)?.label, String(value))
/* The stored value of what a person calls an option, as the server reads it: value, label or a part of it in either language. */
export function optionNamed(f: Field, text: string): string {
  const low = (x: string): string => x.normalize('NFKC').trim().toLowerCase()
  const want = low(text), all = f.options ?? []
  const labels = (o: FieldOption): string[] => Object.values(o.label ?? {}).filter((x): x is string => typeof x === 'string')
  return (all.find(o => o.value === text) ?? all.find(o => [o.value, ...labels(o)].some(x => low(x) === want)) ??
    all.find(o => labels(o).some(l => l.split(' · ').some(x => low(x) === want))))?.value ?? text
}
/* Label of an option of another object's field, e.g. the tiers of customer. */
export const labelOf = (object: string, field: string, value: unknown): string => optionLabel(fieldOf(objectOf(object), field), value)

export const editable = (o: SchemaObject, f: Field): boolean => o.permissions.write && !f.readonly && !f.derived && !f.system
/* Own fields first in the form order of the pack, the rest after. */
export const sortable = (f: Field | undefined): boolean => !!f && f.type !== 'longtext' && !!f.index && f.index !== 'none'
