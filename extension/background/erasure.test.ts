import { describe, expect, it } from 'vitest'
import { Erasure } from './erasure.ts'

/** An erasure that notes its steps; the named ones fail. */
function erasureWith(failing: readonly string[] = [], callsEnd?: () => Promise<void>) {
  const steps: string[] = []
  const step = (name: string) => () => {
    steps.push(name)
    return failing.includes(name) ? Promise.reject(new Error(name)) : Promise.resolve()
  }
  const erasure = new Erasure({
    traces: {
      removeDatabases: step('databases'),
      clearStorage: step('storage'),
      giveBackPermissions: step('permissions'),
      removeHooks: step('hooks'),
    },
    keepalive: { whenFree: callsEnd ?? step('calls ended') },
    lock: step('locked'),
    forget: step('forgotten'),
  })
  return { erasure, steps }
}

const ALL = ['locked', 'calls ended', 'permissions', 'hooks', 'databases', 'storage', 'forgotten']

describe('erasing everything (C115)', () => {
  it('locks and lets calls end before anything goes, so that none of them writes again', async () => {
    const { erasure, steps } = erasureWith()

    await erasure.run()

    expect(steps).toEqual(ALL)
  })

  it('removes the rest where a part cannot be removed, and says so', async () => {
    const { erasure, steps } = erasureWith(['permissions', 'databases'])

    await expect(erasure.run()).rejects.toThrow('databases')
    expect(steps).toEqual(ALL)
  })

  it('does not wait for a call that never ends', async () => {
    const { erasure, steps } = erasureWith([], () => new Promise(() => undefined))

    await erasure.run()

    expect(steps).toContain('databases')
  })
})
