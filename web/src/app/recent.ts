/* The records last opened on this device, per person: object and id only; titles are asked for when they are shown. */
import { get, query } from '../api/client'
import type { Page, Ref } from '../api/types'
import { load, save } from '../lib/store'
import { objectOf } from '../schema/store'
import { session } from './session'

export interface Recent { object: string; id: number }
export interface RecentTitle extends Recent { title: string }
const MAX = 8
const key = (): string => `recent.${session.user?.id ?? 0}`

export function recent(): Recent[] {
  const list = load<unknown>(key(), [])
  return Array.isArray(list) ? list.filter((r): r is Recent => !!r && typeof (r as Recent).object === 'string' && Number.isInteger((r as Recent).id)).slice(0, MAX) : []
}
/* The list with a record put first. */
export function putFirst(list: readonly Recent[], r: Recent): Recent[] {
  return [r, ...list.filter(x => x.object !== r.object || x.id !== r.id)].slice(0, MAX)
}
export function visited(path: string): void {
  const m = /^\/o\/([a-z][a-z0-9_]*)\/(\d+)$/.exec(path)
  if (m && session.user) save(key(), putFirst(recent(), { object: m[1]!, id: Number(m[2]) }))
}
/* With their titles, one request an object; what is gone or not to be read is left out. */
export async function recentTitles(signal?: AbortSignal): Promise<RecentTitle[]> {
  const list = recent().filter(r => objectOf(r.object))
  const titles = new Map<string, string>()
  await Promise.all([...new Set(list.map(r => r.object))].map(async o => {
    const field = objectOf(o)?.title_field ?? 'name'
    const ids = list.filter(r => r.object === o).map(r => r.id)
    try {
      const page = await get<Page>(`/${o}` + query({ filter: `id in (${ids.join(', ')})`, fields: field, limit: MAX, count: 'none' }), signal)
      for (const r of page.items) {
        const v: unknown = r[field]
        titles.set(`${o}/${r.id}`, v && typeof v === 'object' ? (v as Ref).title : v === null || v === undefined ? `#${r.id}` : String(v))
      }
    } catch { /* shown without them */ }
  }))
  return list.flatMap(r => { const title = titles.get(`${r.object}/${r.id}`); return title === undefined ? [] : [{ ...r, title }] })
}
