import { effectScope } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const answer = { leave: true, asked: 0 }
vi.mock('../../src/views/askLeave', () => ({ askLeave: () => { answer.asked++; return Promise.resolve(answer.leave) } }))
const { mayLeave, startDirtyGuard, useDirty } = await import('../../src/app/dirty')
const unload = (): boolean => { const e = new Event('beforeunload', { cancelable: true }); window.dispatchEvent(e); return e.defaultPrevented }

describe('half-filled forms', () => {
  beforeEach(() => { answer.leave = true; answer.asked = 0 })
  it('nothing typed: no question', async () => {
    const scope = effectScope()
    const form = scope.run(() => useDirty(() => false))!
    expect(await form.leave()).toBe(true)
    expect(await mayLeave()).toBe(true)
    expect(answer.asked).toBe(0)
    scope.stop()
  })
  it('typed: asks, and stays when told to', async () => {
    startDirtyGuard()
    const scope = effectScope()
    const form = scope.run(() => useDirty(() => true))!
    answer.leave = false
    expect(await form.leave()).toBe(false)
    expect(await mayLeave()).toBe(false)
    expect(unload()).toBe(true)
    answer.leave = true
    expect(await form.leave()).toBe(true)
    expect(answer.asked).toBe(3)
    expect(unload()).toBe(false)
    expect(await mayLeave()).toBe(true)
    expect(answer.asked).toBe(3)
    scope.stop()
  })
  it('saved or gone: no question', async () => {
    const scope = effectScope()
    const saved = scope.run(() => useDirty(() => true))!
    saved.forget()
    expect(await mayLeave()).toBe(true)
    scope.run(() => useDirty(() => true))
    scope.stop()
    expect(await mayLeave()).toBe(true)
    expect(answer.asked).toBe(0)
  })
})
