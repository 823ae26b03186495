/* Titles of referenced records that stand in a filter only as numbers. */
import { reactive } from 'vue'
import { fetchOne } from '../app/records'
import { defOf } from '../fields/registry'
import { fieldOf, objectOf } from '../schema/store'

const known = reactive<Record<string, string>>({})
export function refTitle(object: string, id: number): string {
  const k = `${object}/${id}`
  if (!(k in known) && object) {
    known[k] = `#${id}`
    void fetchOne(object, id).then(r => {
      const o = objectOf(object), f = fieldOf(o, o?.title_field ?? '')
      const s = f ? defOf(f).format(r[f.name], f) : ''
      if (s) known[k] = s
    }).catch(() => { /* stays a number */ })
  }
  return known[k] ?? `#${id}`
}
