import { beforeEach, describe, expect, it } from 'vitest'
import { EXPIRY_NOTICE_MS, createId, type KeyId } from '@valetkey/wallet/protocol'
import { createFakeClock, createSeededRandom } from '@valetkey/wallet/testing'
import { ExpiryReminders, type ReminderState } from './expiry-reminders.ts'

const DAY_MS = 86_400_000
const clock = createFakeClock()
const random = createSeededRandom('reminders')
let state: ReminderState
let calls: string[]
let reminders: ExpiryReminders

beforeEach(() => {
  state = { called: [], next: null }
  calls = []
  reminders = new ExpiryReminders({
    clock: clock.now,
    memory: {
      read: () => Promise.resolve(state),
      write: (next) => Promise.resolve(void (state = next)),
    },
    call: (title) => calls.push(title),
  })
})

const keyEnding = (inMs: number | null, archived = false) => ({
  id: createId<KeyId>(random),
  fields: { expiresAt: inMs === null ? null : clock.now() + inMs, archived },
})
const locked = () => Promise.resolve(null)

describe('a key that ends', () => {
  it('calls once a week before, not earlier, and once when it is over', async () => {
    const keys = [keyEnding(EXPIRY_NOTICE_MS + DAY_MS)]
    await reminders.look(keys)
    expect(calls).toEqual([])

    clock.advance(DAY_MS)
    await reminders.look(keys)
    await reminders.look(keys)
    expect(calls).toEqual(['a key expires soon'])

    clock.advance(EXPIRY_NOTICE_MS)
    await reminders.look(keys)
    await reminders.look(keys)
    expect(calls).toEqual(['a key expires soon', 'a key has expired'])
  })

  it('calls although another one called before', async () => {
    const first = keyEnding(DAY_MS)
    await reminders.look([first])
    await reminders.look([first, keyEnding(DAY_MS)])

    expect(calls).toHaveLength(2)
  })

  it('calls anew for a new date', async () => {
    const key = keyEnding(DAY_MS)
    await reminders.look([key])
    await reminders.look([{ ...key, fields: { expiresAt: null, archived: false } }])
    await reminders.look([key])

    expect(calls).toHaveLength(2)
  })

  it('calls nobody where it is archived, or has no end', async () => {
    await reminders.look([keyEnding(null), keyEnding(-DAY_MS, true), keyEnding(DAY_MS, true)])

    expect(calls).toEqual([])
    expect(state.next).toBeNull()
  })

  it('is noticed by the alarm without a look before its time', async () => {
    const keys = [keyEnding(EXPIRY_NOTICE_MS + DAY_MS)]
    let opened = 0
    const openKeys = () => Promise.resolve(((opened += 1), keys))
    await reminders.look(keys)
    await reminders.lookIfDue(openKeys)
    expect(opened).toBe(0)

    clock.advance(DAY_MS)
    await reminders.lookIfDue(openKeys)

    expect(opened).toBe(1)
    expect(calls).toEqual(['a key expires soon'])
  })

  it('calls once through a locked vault, from what was seen before', async () => {
    await reminders.look([keyEnding(DAY_MS)])
    calls = []
    clock.advance(DAY_MS)
    await reminders.lookIfDue(locked)
    await reminders.lookIfDue(locked)

    expect(calls).toEqual(['a key has expired'])
  })

  it('is unknown to a browser that never saw the vault open', async () => {
    await reminders.lookIfDue(locked)

    expect(calls).toEqual([])
  })
})
