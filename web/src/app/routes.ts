import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { mayLeave } from './dirty'
import { nav } from './nav'
import { visited } from './recent'
import { schema } from '../schema/store'
import { session } from './session'

const list = () => import('../pages/RecordList.vue')
const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('../pages/SignIn.vue'), meta: { open: true } },
  { path: '/setup', name: 'setup', component: () => import('../pages/SetupPage.vue'), meta: { open: true } },
  { path: '/forgot', name: 'forgot', component: () => import('../pages/ForgotPage.vue'), meta: { open: true } },
  { path: '/reset', name: 'reset', component: () => import('../pages/NewPassword.vue'), meta: { open: true, always: true } },
  { path: '/invite', name: 'invite', component: () => import('../pages/NewPassword.vue'), meta: { open: true, always: true } },
  {
    path: '/', component: () => import('./AppShell.vue'),
    children: [
      { path: '', redirect: () => (session.user ? (schema.value?.profile?.home || (nav.value[0]?.to ?? '/settings')) : '/sign-in') },
      { path: 'home', name: 'home', component: () => import('../pages/WorkbenchPage.vue') },
      { path: 'o/:object', name: 'list', component: list },
      { path: 'o/:object/new', redirect: to => ({ name: 'list', params: { object: to.params.object }, query: { new: '1' } }) },
      { path: 'o/customer/:id(\\d+)', name: 'customer', component: () => import('../pages/CustomerPage.vue'), props: r => ({ id: Number(r.params.id) }) },
      { path: 'o/:object/:id(\\d+)', name: 'record', component: () => import('../pages/RecordPage.vue'), props: r => ({ object: String(r.params.object), id: Number(r.params.id) }) },
      { path: 'tiers', name: 'tiers', component: () => import('../pages/TiersPage.vue') },
      { path: 'exercises', name: 'exercises', component: () => import('../pages/ExercisesPage.vue') },
      { path: 'bin', name: 'bin', component: () => import('../pages/BinPage.vue') },
      { path: 'members', name: 'members', component: () => import('../pages/MembersPage.vue') },
      { path: 'notifications', name: 'notifications', component: () => import('../pages/NotificationsPage.vue') },
      { path: 'audit', name: 'audit', component: () => import('../pages/AuditPage.vue') },
      { path: 'jobs', name: 'jobs', component: () => import('../pages/JobsPage.vue') },
      { path: 'account', name: 'account', component: () => import('../pages/AccountPage.vue') },
      { path: 'settings', name: 'settings', component: () => import('../pages/SettingsPage.vue') },
      { path: ':rest(.*)*', name: 'not-found', component: () => import('../pages/NotFound.vue') },
    ],
  },
]
export const router = createRouter({ history: createWebHistory(), routes })

router.beforeEach(async (to, from) => {
  if (!to.meta.open && to.path !== from.path && !await mayLeave()) return false
  if (to.meta.open) return session.user && !to.meta.always ? { path: '/' } : true
  if (session.user || session.error) return true
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})
router.afterEach(to => visited(to.path))
