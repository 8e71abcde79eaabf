import 'fake-indexeddb/auto'
import { fc, tryInputs } from '@valetkey/wallet/testing/fuzz'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { COUNTS, ScheduleServer } from './schedules/account.ts'
import { runSchedule } from './schedules/run-schedule.ts'
import { schedulesOf } from './schedules/schedule.ts'

/** For each number of devices: in every run, and in a long one. */
const SCHEDULES = 10
const LONG_SCHEDULES = 2_500
/** What the schedules of one run must have met together. */
const MET = [
  ...['worker died', 'device removed', 'lost on the way there', 'lost on the way back', 'doubled'],
  ...['taken late', '/v1/sync/push 200', '/v1/sync/push 409', '/v1/sync/pull 410'],
  ...['/v1/account/credentials 200', '/v1/account/credentials 409', '/v1/auth/login 401'],
] as const
const TIMEOUT_MS = 4 * 60 * 60_000

let server: ScheduleServer
beforeAll(async () => {
  // Dexie tells of each connection that a dead worker left open, once its database is deleted.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  server = await ScheduleServer.open()
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

describe('devices of one account at the real server, each with its vault in IndexedDB', () => {
  it.each(COUNTS)(
    'end %i of them with the same records, whatever was lost, late, killed, rotated or away',
    { timeout: TIMEOUT_MS },
    async (count) => {
      // Hundreds of shorter ones would take minutes: take this off to see the shortest that fails.
      const schedules = fc.noShrink(schedulesOf(count))
      const property = fc.asyncProperty(schedules, (one) => runSchedule(server, one))
      await tryInputs(SCHEDULES, property, LONG_SCHEDULES)
    },
  )

  it('met all that they are about', ({ task }) => {
    task.meta.met = server.tally.toString()
    for (const what of MET) expect(server.tally.of(what), what).toBeGreaterThan(0)
  })
})
