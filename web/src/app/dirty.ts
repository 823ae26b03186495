/* Half-filled forms: whoever would throw them away asks first. A form tells whether something is typed in it; closing it, another page,
 * the browser's Back and closing the window all ask. */
import { onScopeDispose } from 'vue'

const forms = new Set<() => boolean>()
const anyDirty = (): boolean => Array.from(forms).some(f => f())

async function ask(): Promise<boolean> {
  const { askLeave } = await import('../views/askLeave')
  return askLeave()
}
/* leave() is true when nothing was typed or the person gives it up; then the form no longer counts, unless it stays and is filled again. */
export function useDirty(dirty: () => boolean, stays = false): { leave: () => Promise<boolean>; forget: () => void } {
  let given = false
  const mine = (): boolean => !given && dirty()
  forms.add(mine)
  onScopeDispose(() => forms.delete(mine))
  return {
    leave: async () => {
      if (!mine() || await ask()) { given = !stays; return true }
      return false
    },
    forget: () => { given = true },
  }
}
/* For the router: may this page be left? */
export async function mayLeave(): Promise<boolean> {
  if (!anyDirty()) return true
  if (!await ask()) return false
  forms.clear()
  return true
}
export function startDirtyGuard(): void {
  window.addEventListener('beforeunload', e => { if (anyDirty()) e.preventDefault() })
}
