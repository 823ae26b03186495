/// <reference types="node" />
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { initials, matches } from '../../src/lib/pinyin'
import { setLanguage, t, tn } from '../../src/i18n'

describe('interface texts', () => {
  it('both languages have the same keys, all used, none missing, no banned word', () => {
    expect(execFileSync(process.execPath, ['src/i18n/lint.mjs'], { encoding: 'utf8' })).toMatch(/texts in two languages/)
  })
  it('English has a singular, Chinese one form', async () => {
    await setLanguage('en')
    expect([tn('list.count', 1), tn('list.count', 5)]).toEqual(['1 record', '5 records'])
    await setLanguage('zh-CN')
    expect([tn('list.count', 1), tn('list.count', 5)]).toEqual(['共 1 条', '共 5 条'])
    expect(document.documentElement.lang).toBe('zh-CN')
  })
  it('a text that looks like markup of the message format is shown whole', async () => {
    await setLanguage('en')
    expect(t('filter.example')).toBe("for example tier = 'vip' and last_purchase_at < now() - 90 days")
    expect(t('palette.none', { q: '{x} @:a | b' })).toBe('Nothing found for “{x} @:a | b”')
  })
})
describe('search by pinyin initials', () => {
  it('of common words', () => expect(['客户分级', '订单', '产品', '设置', '跟进记录'].map(initials)).toEqual(['khfj', 'dd', 'cp', 'sz', 'gjjl']))
  it('matches names, parts and initials', () => {
    expect(matches('khfj', ['客户分级'])).toBe(true)
    expect(matches('KH', ['客户分级'])).toBe(true)
    expect(matches('分级', ['客户分级'])).toBe(true)
    expect(matches('ders', ['Orders'])).toBe(true)
    expect(matches('xyz', ['客户分级', 'Orders'])).toBe(false)
    expect(matches('', ['a'])).toBe(true)
  })
})
