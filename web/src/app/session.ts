/* Who is signed in. Boot asks for session and schema at once. */
import { computed, shallowReactive } from 'vue'
import { call, context, get, Problem } from '../api/client'
import type { Lang, Schema, Session, User } from '../api/types'
import { setSchema } from '../schema/store'
import { setLanguage } from '../i18n'
import { chosenLang, prefs } from './prefs'
import { queryClient } from './query'
import { load } from '../lib/store'
import { loadWelcome, welcome } from './welcome'

export const session = shallowReactive<{ user: User | null; error: Problem | null }>({ user: null, error: null })
export const isAdmin = computed(() => session.user?.admin === true)

/* A change of password or codes ends all sessions and begins a new one for this browser. */
export function takeSession(s: Session): void {
  session.user = s.user
  context.csrf = s.csrf
}
export async function boot(): Promise<void> {
  session.error = null
  if (!welcome.known) void loadWelcome()
  const [s, sc] = await Promise.allSettled([get<Session>('/session'), get<Schema>('/schema')])
  if (s.status === 'fulfilled' && sc.status === 'fulfilled') {
    setSchema(sc.value)
    takeSession(s.value)
    if (!chosenLang && s.value.user.lang && s.value.user.lang !== prefs.lang) await setLanguage(s.value.user.lang)
    return
  }
  const reason: unknown = s.status === 'rejected' ? s.reason : sc.status === 'rejected' ? sc.reason : null
  if (reason instanceof Problem && reason.status !== 401) session.error = reason
}
export async function signIn(email: string, password: string, code = ''): Promise<void> {
  const s = await call<Session>('POST', '/session', { body: code ? { email, password, code } : { email, password } })
  context.csrf = s.csrf
  setSchema(await get<Schema>('/schema'))
  if (load<Lang | null>('lang', null) === null && s.user.lang && s.user.lang !== prefs.lang) await setLanguage(s.user.lang)
  takeSession(s)
}
export async function signOut(): Promise<void> {
  await call('DELETE', '/session')
  forget()
}
export function forget(): void {
  session.user = null
  context.csrf = ''
  queryClient.clear()
}
export async function chooseLanguage(lang: Lang): Promise<void> {
  await setLanguage(lang, true)
  if (!session.user) return
  try { await call('PATCH', '/session', { body: { lang } }) } catch { /* the device still remembers it */ }
}
