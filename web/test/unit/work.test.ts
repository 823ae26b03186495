import { describe, expect, it } from 'vitest'
import type { Field, Schema } from '../../src/api/types'
import { fieldOf, objectOf, optionNamed, setSchema } from '../../src/schema/store'
import { counts, listLink, mine, queues, teamColumns } from '../../src/views/workQueue'

const field = (name: string, type = 'text', more: Partial<Field> = {}): Field => ({ name, type, label: { 'zh-CN': name, en: name }, ...more }) as Field
const tiers = [{ value: 'vip', label: { 'zh-CN': 'S · 战略', en: 'S · Strategic' } }, { value: 'main', label: { 'zh-CN': 'A · 重点', en: 'A · Key' } }]
const object = (name: string, fields: Field[]): unknown => ({ name, label: { 'zh-CN': name, en: name }, title_field: fields[0]!.name, nav: 1, fields, layouts: { list: [], form: [] }, views: [], permissions: { create: true, write: true, delete: true } })
const customer = object('customer', ['name', 'owner', 'role', 'stage', 'last_interaction_at', 'last_purchase_at', 'value_historical'].map(n => field(n)).concat(field('tier', 'enum', { options: tiers })))
const interaction = (next: boolean): unknown => object('interaction', ['subject', 'customer', 'at', 'kind', 'owner'].concat(next ? ['next_at'] : []).map(n => field(n)))
const order = object('order', ['code', 'ordered_at', 'owner'].map(n => field(n)))
const use = (...objects: unknown[]): void => setSchema({ version: 1, company: '', base_currency: 'CNY', base_digits: 2, zone: 'UTC', objects } as unknown as Schema)

describe('workbench', () => {
  it('asks for mine or for everyone', () => {
    use(customer, interaction(true), order)
    expect(queues(true, 30).map(q => q.id)).toEqual(['due', 'quiet', 'declining'])
    expect(queues(true, 60)[1]!.filter).toBe("owner = me() and tier in ('vip', 'main') and (last_interaction_at < now() - 60 days or last_interaction_at is empty)")
    expect(queues(false, 30)[1]!.filter).not.toContain('me()')
    expect(mine('', true)).toBe('owner = me()')
    expect(counts(true).every(c => c.filter.startsWith('owner = me() and '))).toBe(true)
  })
  it('leaves out what the company does not have', () => {
    use(customer, interaction(false))
    expect(queues(false, 30).map(q => q.id)).toEqual(['quiet', 'declining'])
    expect(counts(false).map(c => c.id)).toEqual(['logged', 'key', 'decline'])
    expect(teamColumns(30).map(c => c.id)).toEqual(['customers', 'key', 'decline', 'quiet', 'logged'])
    use()
    expect(queues(false, 30)).toEqual([])
    expect(teamColumns(30)).toEqual([])
  })
  it('links carry the filter whole', () => {
    const url = new URL('http://x' + listLink('customer', "name = 'A & B'", '-id'))
    expect(url.searchParams.get('filter')).toBe("name = 'A & B'")
    expect(url.searchParams.get('sort')).toBe('-id')
  })
})
describe('options by name', () => {
  it('value first, then label, then a part of it; unknown stays', () => {
    use(customer)
    const f = fieldOf(objectOf('customer'), 'tier')!
    for (const [text, value] of [['vip', 'vip'], ['VIP', 'vip'], ['S · 战略', 'vip'], ['战略', 'vip'], ['ｓ', 'vip'], ['key', 'main'], ['gold', 'gold']]) expect(optionNamed(f, text!)).toBe(value)
  })
})
