import { describe, expect, it } from 'vitest'
import { cameFromRecord, keepList, keepPlace, listOf, placeOf } from '../../src/lib/place'

describe('places in lists', () => {
  it('keeps the last fifty', () => {
    for (let i = 0; i < 60; i++) keepPlace('/o/customer?view=' + i, { id: i, row: i, col: 0, top: i * 32, left: 0 })
    expect(placeOf('/o/customer?view=59')?.top).toBe(59 * 32)
    expect(placeOf('/o/customer?view=9')).toBeUndefined()
  })
  it('a record leads back to the list last seen', () => {
    expect(listOf('order')).toBe('/o/order')
    keepList('order', '/o/order?sort=-net')
    expect(listOf('order')).toBe('/o/order?sort=-net')
  })
  it('knows whether one comes from a record', () => {
    history.replaceState({ back: '/o/customer', forward: '/o/customer/7?x=1' }, '')
    expect(cameFromRecord('customer')).toBe(true)
    expect(cameFromRecord('order')).toBe(false)
    history.replaceState({ back: '/o/customers/7', forward: null }, '')
    expect(cameFromRecord('customer')).toBe(false)
  })
})
