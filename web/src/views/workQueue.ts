/* What the workbench asks for: lists like any other, written in the expression language. A queue whose object or field the company does not
 * have is left out. */
import { fieldOf, objectOf } from '../schema/store'

export type QueueId = 'due' | 'quiet' | 'declining'
export interface Queue { id: QueueId; object: string; filter: string; sort: string; fields: string[] }
export const QUIET_DAYS = [14, 30, 60, 90] as const

const QUEUES: { id: QueueId; object: string; filter: (days: number) => string; sort: string; fields: string[] }[] = [
  { id: 'due', object: 'interaction', filter: () => 'next_at <= today() and customer.last_interaction_at = at', sort: 'next_at', fields: ['subject', 'customer', 'next_at', 'at', 'kind', 'owner'] },
  { id: 'quiet', object: 'customer', filter: d => `tier in ('vip', 'main') and (last_interaction_at < now() - ${d} days or last_interaction_at is empty)`, sort: '-value_historical', fields: ['name', 'tier', 'last_interaction_at', 'value_historical', 'owner'] },
  { id: 'declining', object: 'customer', filter: () => "stage = 'decline' and stage_since >= now() - 30 days and last_purchase_at >= now() - 365 days", sort: '-value_historical', fields: ['name', 'tier', 'last_purchase_at', 'value_historical', 'owner'] },
]
const has = (object: string, fields: string[]): boolean => { const o = objectOf(object); return !!o && fields.every(f => fieldOf(o, f)) }
export const mine = (filter: string, own: boolean): string => (own ? (filter ? `owner = me() and ${filter}` : 'owner = me()') : filter)

export function queues(own: boolean, days: number): Queue[] {
  return QUEUES.filter(q => has(q.object, q.fields)).map(q => ({ ...q, filter: mine(q.filter(days), own) }))
}
export interface Count { id: string; object: string; filter: string; sort?: string }
const COUNTS: { id: string; object: string; filter: string; sort?: string; needs: string[] }[] = [
  { id: 'ordersToday', object: 'order', filter: 'ordered_at = today()', sort: '-ordered_at', needs: ['ordered_at', 'owner'] },
  { id: 'logged', object: 'interaction', filter: 'at >= today() - 6 days', sort: '-at', needs: ['at', 'owner'] },
  { id: 'key', object: 'customer', filter: "tier in ('vip', 'main')", sort: '-value_historical', needs: ['tier', 'owner'] },
  { id: 'decline', object: 'customer', filter: "stage = 'decline'", sort: '-value_historical', needs: ['stage', 'owner'] },
]
export const counts = (own: boolean): Count[] => COUNTS.filter(c => has(c.object, c.needs)).map(c => ({ id: c.id, object: c.object, filter: mine(c.filter, own), ...(c.sort ? { sort: c.sort } : {}) }))
/* Columns of the team board: a count for each member. */
export function teamColumns(days: number): Count[] {
  const all: (Count & { needs: string[] })[] = [
    { id: 'customers', object: 'customer', filter: "role = 'customer'", needs: ['role', 'owner'] },
    ...COUNTS.filter(c => c.id === 'key' || c.id === 'decline'),
    ...QUEUES.filter(q => q.id === 'quiet' || q.id === 'due').map(q => ({ id: q.id, object: q.object, filter: q.filter(days), sort: q.sort, needs: q.fields })),
    ...COUNTS.filter(c => c.id === 'logged'),
    { id: 'orders30', object: 'order', filter: 'ordered_at >= today() - 29 days', sort: '-ordered_at', needs: ['ordered_at', 'owner'] },
  ]
  return all.filter(c => has(c.object, c.needs))
}
export const listLink = (object: string, filter: string, sort?: string): string => `/o/${object}?` + new URLSearchParams({ filter, ...(sort ? { sort } : {}) }).toString()
