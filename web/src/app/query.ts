import { QueryClient } from '@tanstack/vue-query'
import { Problem } from '../api/client'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      structuralSharing: false,
      retry: (n, e) => n < 1 && e instanceof Problem && (e.status === 0 || e.status >= 502),
      retryDelay: 400,
    },
  },
})
/* Keys: [object,'list',...] [object,'one',id] [object,'state',id]. */
export const keys = {
  list: (object: string, what: unknown) => [object, 'list', what] as const,
  lists: (object: string) => [object, 'list'] as const,
  one: (object: string, id: number) => [object, 'one', id] as const,
  state: (id: number) => ['customer', 'state', id] as const,
  history: (object: string, id: number) => [object, 'history', id] as const,
  timeline: (id: number, kinds: unknown) => ['customer', 'timeline', id, kinds] as const,
}
/* A written fact can change any customer figure: forget what is derived from facts. */
export function factsChanged(object: string): void {
  void queryClient.invalidateQueries({ predicate: q => {
    const [o, what] = q.queryKey as string[]
    return what === 'state' || what === 'timeline' || o === 'tiers' || o === 'rfm' || (what === 'list' && o === object) ||
      (o === 'customer' && what === 'one' && object !== 'customer') || (what === 'children' && o === object)
  } })
}
