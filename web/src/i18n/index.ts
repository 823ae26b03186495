/* Interface texts: one file a language, loaded when it is used. Labels of objects and fields are data and come with the schema. */
import { createI18n } from 'vue-i18n'
import { context } from '../api/client'
import type { Lang } from '../api/types'
import { prefs } from '../app/prefs'
import { setIntl } from '../lib/intl'
import { save } from '../lib/store'

export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: 'zh-CN', missingWarn: false, fallbackWarn: false, messages: {} })
export const t = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
export const tn = (key: string, n: number, values: Record<string, unknown> = {}): string => i18n.global.t(key, { n, ...values }, n)

const files = { 'zh-CN': () => import('./zh-CN.json'), en: () => import('./en.json') }

export async function setLanguage(lang: Lang, keep = false): Promise<void> {
  if (!i18n.global.availableLocales.includes(lang as never)) i18n.global.setLocaleMessage(lang, (await files[lang]()).default as never)
  prefs.lang = lang
  i18n.global.locale.value = lang as never
  context.lang = lang
  context.networkText = t('errors.network')
  setIntl({ lang })
  document.documentElement.lang = lang
  document.title = t('app.name')
  if (keep) save('lang', lang)
}
