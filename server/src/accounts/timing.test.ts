import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDevice } from '../testing/device.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'
import { createChallenge } from '../auth/challenge.ts'
import { login, prelogin } from './login.ts'
import { proveAccount } from './proof.ts'

/** Of each kind, one after the other: whatever else the machine does slows both alike. */
const PAIRS = 400
/** A machine under load may still favour one: whoever skips a step is faster in every round. */
const ROUNDS = 6
/** A skipped verification is a third of the whole and more. */
const TOLERANCE = 0.12

let test: TestServer
let device: TestDevice
beforeAll(async () => {
  test = await openTestServer(':memory:')
  device = test.newDevice()
  expect((await device.register()).status).toBe(201)
})
afterAll(() => test[Symbol.asyncDispose]())

const text = (sizeBytes: number) => randomBytes(sizeBytes).toString('base64url')
/** Canonical as far as anybody looks before it is verified: S below the order of the group. */
const signature = () =>
  Buffer.concat([randomBytes(32), randomBytes(31), Buffer.alloc(1)]).toString('base64url')

type Ask = (accountId: string) => Promise<unknown>
const ASKED: Readonly<Record<string, Ask>> = {
  'what to sign': (accountId) => prelogin(test.server, accountId),
  'a login': (accountId) =>
    login(test.server, {
      ...{ accountId, challenge: createChallenge(test.server, accountId) },
      // Not a device of either: a list of accounts is looked for without their devices.
      ...{ deviceId: device.device.id, t: test.server.clock(), sig: signature() },
    }),
  'a change': (accountId) =>
    proveAccount(test.server, 'delete', {
      ...{ accountId, challenge: createChallenge(test.server, accountId) },
      signatures: { account: signature() },
    }),
}

describe('C107: an account that does not exist', { timeout: 120_000 }, () => {
  it.each(Object.entries(ASKED))('takes as long to refuse %s as one that does', async (_, ask) => {
    const timed = async (accountId: string): Promise<number> => {
      const startedAt = performance.now()
      await ask(accountId).catch(() => undefined)
      return performance.now() - startedAt
    }
    const differences: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const times: { there: number[]; nowhere: number[] } = { there: [], nowhere: [] }
      for (let pair = 0; pair < PAIRS; pair++) {
        const order =
          pair % 2 === 0 ? (['there', 'nowhere'] as const) : (['nowhere', 'there'] as const)
        for (const which of order) {
          times[which].push(await timed(which === 'there' ? device.keys.accountId : text(16)))
        }
      }
      const [there, nowhere] = [median(times.there), median(times.nowhere)]
      differences.push(Math.abs(there - nowhere) / Math.max(there, nowhere))
      if (Math.min(...differences) < TOLERANCE) break
    }
    expect(Math.min(...differences), differences.join(' ')).toBeLessThan(TOLERANCE)
  })
})

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
