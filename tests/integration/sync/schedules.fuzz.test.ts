import 'fake-indexeddb/auto'
import { fc, tryInputs } from '@valetkey/wallet/testing/fuzz'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { COUNTS, ScheduleServer } from './schedules/account.ts'
import { RECORDED } from './schedules/recorded.ts'
import { runSchedule } from './schedules/run-schedule.ts'
import { schedulesOf } from './schedules/schedule.ts'

/**
 * For each number of devices: in every run, and in a long one; `VALETKEY_SCHEDULES=100` for a long one in parts,
 * each with a seed of its own.
 */
const SCHEDULES = 10
const LONG_SCHEDULES = Number(process.env['VALETKEY_SCHEDULES'] ?? 2_500)
/** What the schedules of one run must have met together. */
const MET = [
  ...['worker died', 'device removed', 'lost on the way there', 'lost on the way back', 'doubled'],
  ...['taken late', '/v1/sync/push 200', '/v1/sync/push 409', '/v1/sync/pull 410'],
  ...['call held', 'call refused', 'part given away'],
  ...['/v1/account/credentials 200', '/v1/account/credentials 409', '/v1/auth/login 401'],
] as const
const TIMEOUT_MS = 4 * 60 * 60_000
/** Half a second each, on a machine with nothing else to do. */
const RECORDED_TIMEOUT_MS = 60_000

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

  it.each(Object.entries(RECORDED))(
    'come to rest: %s',
    { timeout: RECORDED_TIMEOUT_MS },
    async (_, schedule) => {
      await runSchedule(server, schedule)
    },
  )

  it('met all that they are about', ({ task }) => {
    task.meta.met = server.tally.toString()
    for (const what of MET) expect(server.tally.of(what), what).toBeGreaterThan(0)
  })
})
