/* How many notifications are unread: asked now and then while the page is open. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { get } from '../api/client'
import type { NoticePage } from '../api/types'
import { session } from './session'

export function useUnread() {
  const q = useQuery({ queryKey: ['notices', 'unread'], queryFn: ({ signal }) => get<NoticePage>('/notifications?unread=true&limit=1', signal), refetchInterval: 60_000, enabled: computed(() => !!session.user) })
  return computed(() => q.data.value?.unread ?? 0)
}
