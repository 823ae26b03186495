/* What a person chose on this device: language, theme, density, single keys. */
import { reactive, watch } from 'vue'
import type { Lang } from '../api/types'
import { load, save } from '../lib/store'

export type Theme = 'system' | 'light' | 'dark'
interface Prefs { lang: Lang; theme: Theme; compact: boolean; singleKeys: boolean }

const guessed: Lang = (navigator.languages ?? [navigator.language]).some(l => /^zh/i.test(l)) ? 'zh-CN' : 'en'
export const chosenLang = load<Lang | null>('lang', null)
export const prefs = reactive<Prefs>({
  lang: chosenLang === 'en' || chosenLang === 'zh-CN' ? chosenLang : guessed,
  theme: load<Theme>('theme', 'system'),
  compact: load('compact', false),
  singleKeys: load('singleKeys', true),
})

const dark = window.matchMedia('(prefers-color-scheme: dark)')
export const isDark = (): boolean => prefs.theme === 'dark' || (prefs.theme === 'system' && dark.matches)

function paint(): void {
  const c = document.documentElement.classList
  c.toggle('dark', isDark())
  c.toggle('compact', prefs.compact)
}
export function startPrefs(): void {
  paint()
  dark.addEventListener('change', paint)
  watch(() => [prefs.theme, prefs.compact], () => {
    save('theme', prefs.theme)
    save('compact', prefs.compact)
    paint()
  })
  watch(() => prefs.singleKeys, v => save('singleKeys', v))
}
