/* Records opened last on this device, by the person who opened them: for the workbench and the palette. */
import { reactive } from 'vue'
import { load, save } from './store'

export interface Recent { object: string; id: number; title: string }
const KEEP = 12
const state = reactive<{ user: number; list: Recent[] }>({ user: 0, list: [] })
const key = (user: number): string => `recent.${user}`

function open(user: number): void {
  if (state.user === user) return
  const kept = load<Recent[]>(key(user), [])
  state.user = user
  state.list = Array.isArray(kept) ? kept.filter(r => r && typeof r.title === 'string' && Number.isInteger(r.id)).slice(0, KEEP) : []
}
export function recentOf(user: number): readonly Recent[] {
  open(user)
  return state.list
}
export function noteRecent(user: number, r: Recent): void {
  open(user)
  state.list = [r, ...state.list.filter(x => x.object !== r.object || x.id !== r.id)].slice(0, KEEP)
  save(key(user), state.list)
}
export function forgetRecent(user: number, object: string, id: number): void {
  open(user)
  state.list = state.list.filter(x => x.object !== object || x.id !== id)
  save(key(user), state.list)
}
