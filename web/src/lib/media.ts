import { onScopeDispose, ref, type Ref } from 'vue'

/* Follows a media query; width below 720 px counts as a phone everywhere. */
export function useMedia(q: string): Ref<boolean> {
  const m = window.matchMedia(q)
  const r = ref(m.matches)
  const on = (): void => { r.value = m.matches }
  m.addEventListener('change', on)
  onScopeDispose(() => m.removeEventListener('change', on))
  return r
}
export const usePhone = (): Ref<boolean> => useMedia('(max-width: 719px)')
