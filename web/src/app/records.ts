/* Reading and writing single records; a stale write (412) asks instead of guessing. */
import { call, get, newKey, Problem } from '../api/client'
import type { Rec } from '../api/types'
import { t } from '../i18n'
import { askConflict } from './ui'
import { lastOperation, sayUndo } from './undo'
import { factsChanged, keys, queryClient } from './query'

export const fetchOne = (object: string, id: number, signal?: AbortSignal): Promise<Rec> => get<Rec>(`/${object}/${id}`, signal)

function put(object: string, r: Rec): void {
  queryClient.setQueryData(keys.one(object, r.id), r)
  void queryClient.invalidateQueries({ queryKey: keys.history(object, r.id) })
  factsChangedButList(object)
}
function factsChangedButList(object: string): void {
  void queryClient.invalidateQueries({ predicate: q => {
    const [o, what] = q.queryKey as string[]
    return what === 'state' || what === 'timeline' || o === 'tiers' || o === 'rfm' || (what === 'children' && o === object)
  } })
}

/* Saves one field. Returns the record as it is on the server afterwards. */
export async function saveField(object: string, base: Rec, field: string, value: unknown): Promise<Rec> {
  let rev = base.rev
  for (let tries = 0; tries < 4; tries++) {
    try {
      const r = await call<Rec>('PATCH', `/${object}/${base.id}`, { body: { [field]: value }, ifMatch: rev })
      put(object, r)
      sayUndo(t('record.saved'), lastOperation())
      return r
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 412) throw e
      const theirs = await fetchOne(object, base.id)
      const untouched = JSON.stringify(theirs[field] ?? null) === JSON.stringify(base[field] ?? null)
      if (untouched && tries === 0) { rev = theirs.rev; continue } /* someone changed other fields only */
      if (!(await askConflict({ object, field, base, mine: value, theirs }))) {
        put(object, theirs)
        return theirs
      }
      rev = theirs.rev
    }
  }
  throw new Problem({ status: 412, code: 'stale', detail: '' })
}
export async function createRecord(object: string, values: Record<string, unknown>, key = newKey()): Promise<Rec> {
  const r = await call<Rec>('POST', `/${object}`, { body: values, idempotencyKey: key })
  factsChanged(object)
  return r
}
export async function deleteRecord(object: string, r: Rec): Promise<void> {
  await call('DELETE', `/${object}/${r.id}`, { ifMatch: r.rev })
}
/* After leaving the deleted record's page: nothing may ask for it again. */
export function afterDelete(object: string, id: number): void {
  queryClient.removeQueries({ queryKey: keys.one(object, id) })
  if (object === 'customer') queryClient.removeQueries({ predicate: q => q.queryKey[0] === 'customer' && q.queryKey[2] === id })
  factsChanged(object)
}
