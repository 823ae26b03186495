/* What is open over the page. */
import { reactive, shallowReactive } from 'vue'
import type { Rec } from '../api/types'

export const ui = reactive({ palette: false, help: false })

/* A write that met a newer version: what it was, what I typed, what it is now. */
export interface Conflict { object: string; field: string; base: Rec; mine: unknown; theirs: Rec; resolve: (keepMine: boolean) => void }
export const conflict = shallowReactive<{ open: Conflict | null }>({ open: null })
export function askConflict(c: Omit<Conflict, 'resolve'>): Promise<boolean> {
  return new Promise(done => {
    conflict.open = { ...c, resolve: keepMine => { conflict.open = null; done(keepMine) } }
  })
}
