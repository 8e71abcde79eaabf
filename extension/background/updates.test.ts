import { describe, expect, it } from 'vitest'
import { createKeepalive } from './keepalive.ts'
import { Updates } from './updates.ts'

function setUp({ lockFails = false } = {}) {
  const events: string[] = []
  const keepalive = createKeepalive(
    () => 0,
    () => undefined,
  )
  const updates = new Updates({
    keepalive,
    lock: () => {
      events.push('lock')
      return lockFails ? Promise.reject(new Error('disk full')) : Promise.resolve()
    },
    restart: () => events.push('restart'),
    announceChange: () => events.push('announce'),
  })
  return { events, keepalive, updates }
}

describe('an update of the extension', () => {
  it('C115: locks the vault before it starts, at once when no call runs', async () => {
    const { events, updates } = setUp()
    await updates.install()
    expect(events).toEqual(['announce', 'lock', 'restart'])
  })

  it('waits for every running call, and says so meanwhile', async () => {
    const { events, keepalive, updates } = setUp()
    const ends = [keepalive.hold(), keepalive.hold()]
    const installed = updates.install()
    ends[0]?.()
    await Promise.resolve()
    expect(updates.isWaiting()).toBe(true)
    expect(events).toEqual(['announce'])

    ends[1]?.()
    await installed
    expect(events).toEqual(['announce', 'lock', 'restart'])
  })

  it('is installed once, however often the browser offers it', async () => {
    const { events, updates } = setUp()
    await Promise.all([updates.install(), updates.install()])
    expect(events.filter((event) => event === 'restart')).toHaveLength(1)
  })

  it('starts even when the vault cannot be locked: a restart forgets its root key too', async () => {
    const { events, updates } = setUp({ lockFails: true })
    await updates.install()
    expect(events).toEqual(['announce', 'lock', 'restart'])
  })
})
