/* The menu: objects the schema puts there by position, then the pages of our own. At most nine entries. */
import { computed, type Component } from 'vue'
import { Banknote, Box, Boxes, CircleUser, Contact, FileText, GraduationCap, LayoutDashboard, ListOrdered, MapPin, MessageSquareText, Package, Phone, Pyramid, ScrollText, Settings, ShoppingCart, Target, Timer, Trash2, Undo2, UserRound, Users } from '@lucide/vue'
import { schema, pluralLabel } from '../schema/store'
import { t } from '../i18n'
import { session } from './session'

const ICONS: Record<string, Component> = {
  users: Users, customer: Users, user: CircleUser, contact: Contact, phone: Phone, contact_point: Phone, order: ShoppingCart, 'shopping-cart': ShoppingCart,
  product: Package, package: Package, box: Box, category: Boxes, boxes: Boxes, return: Undo2, undo: Undo2, payment: Banknote, banknote: Banknote,
  interaction: MessageSquareText, message: MessageSquareText, order_line: ListOrdered, list: ListOrdered, pyramid: Pyramid, settings: Settings,
  opportunity: Target, target: Target, visit: MapPin, 'map-pin': MapPin, exercise: GraduationCap, 'graduation-cap': GraduationCap,
}
export const iconOf = (icon: string | undefined, name: string): Component => ICONS[name] ?? ICONS[icon ?? ''] ?? FileText

/* short: for the bar at the foot of a phone. */
export interface NavEntry { id: string; to: string; label: string; short?: string; names: string[]; icon: Component; keys: string }

export const nav = computed<NavEntry[]>(() => {
  const taken = new Set(['t', 's', 'h'])
  const letter = (name: string): string => {
    for (const ch of name) if (/[a-z]/.test(ch) && !taken.has(ch)) { taken.add(ch); return 'g ' + ch }
    return ''
  }
  const all = schema.value?.objects ?? [], picked = schema.value?.profile?.nav ?? []
  const objects = picked.length
    ? picked.flatMap(n => all.filter(o => o.name === n)).slice(0, 6)
    : all.filter(o => o.nav > 0).sort((a, b) => a.nav - b.nav).slice(0, 6)
  const out: NavEntry[] = objects.map(o => ({
    id: o.name, to: `/o/${o.name}`, label: pluralLabel(o), icon: iconOf(o.icon, o.name), keys: letter(o.name),
    names: [pluralLabel(o), ...Object.values(o.label), ...Object.values(o.plural ?? {}), o.name],
  }))
  const home: NavEntry = { id: 'home', to: '/home', label: t('nav.home'), names: [t('nav.home'), 'workbench', '工作台', 'home', 'team board', '团队看板'], icon: LayoutDashboard, keys: 'g h' }
  const tiers: NavEntry = { id: 'tiers', to: '/tiers', label: t('nav.tiers'), short: t('nav.tiersShort'), names: [t('nav.tiers'), 'customer tiers', '客户分级', 'pyramid', 'rfm'], icon: Pyramid, keys: 'g t' }
  if (schema.value?.may?.includes('insight.all') !== false) out.splice(1, 0, tiers)
  out.unshift(home)
  out.push({ id: 'settings', to: '/settings', label: t('nav.settings'), names: [t('nav.settings'), 'settings', '设置'], icon: Settings, keys: 'g s' })
  return out
})
/* Pages of our own outside the menu: on the settings page and in the palette. */
export const otherPages = computed<NavEntry[]>(() => [
  { id: 'account', to: '/account', label: t('account.title'), names: [t('account.title'), 'account', 'password', 'totp', '账号', '密码'], icon: UserRound, keys: '' },
  { id: 'exercises', to: '/exercises', label: t('exercises.title'), names: [t('exercises.title'), 'exercises', '练习'], icon: GraduationCap, keys: '' },
  { id: 'bin', to: '/bin', label: t('bin.title'), names: [t('bin.title'), 'bin', 'trash', '回收站'], icon: Trash2, keys: '' },
  { id: 'jobs', to: '/jobs', label: t('jobs.title'), names: [t('jobs.title'), 'jobs', '任务'], icon: Timer, keys: '' },
  ...(session.user?.admin ? [{ id: 'members', to: '/members', label: t('members.title'), names: [t('members.title'), 'members roles teams users', '成员与角色 团队'], icon: Users, keys: '' }, { id: 'audit', to: '/audit', label: t('audit.title'), names: [t('audit.title'), 'audit log', '操作日志'], icon: ScrollText, keys: '' }] : []),
])
/* Objects outside the menu, for the palette. */
export const otherObjects = computed<NavEntry[]>(() => (schema.value?.objects ?? []).filter(o => !nav.value.some(n => n.id === o.name)).map(o => ({
  id: o.name, to: `/o/${o.name}`, label: pluralLabel(o), icon: iconOf(o.icon, o.name), keys: '',
  names: [pluralLabel(o), ...Object.values(o.label), ...Object.values(o.plural ?? {}), o.name],
})))
export const keyText = (keys: string): string => keys.toUpperCase()
