import './kit/tokens.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './app/App.vue'
import { context } from './api/client'
import { startDirtyGuard } from './app/dirty'
import { prefs, startPrefs } from './app/prefs'
import { queryClient } from './app/query'
import { router } from './app/routes'
import { boot, forget, session } from './app/session'
import { startKeyboard } from './app/shortcuts'
import { i18n, setLanguage } from './i18n'

startPrefs()
context.signedOut = () => {
  if (!session.user) return
  forget()
  const to = router.currentRoute.value.fullPath
  void router.replace({ name: 'sign-in', query: { next: to } })
}
async function start(): Promise<void> {
  await Promise.all([setLanguage(prefs.lang), boot()])
  const app = createApp(App)
  app.use(i18n).use(VueQueryPlugin, { queryClient }).use(router)
  startKeyboard()
  startDirtyGuard()
  app.mount('#app')
}
void start()
/* Where the browser allows it (https or this machine); without it everything works but the start without a network. */
if (import.meta.env.PROD && 'serviceWorker' in navigator) window.addEventListener('load', () => { navigator.serviceWorker.register('/sw.js').catch(() => undefined) })
