/** Calls to try a ledger store with, and what is held against it. */
import type { PeriodLimit } from '../metering/index.ts'
import {
  createId,
  isWalletError,
  type GrantId,
  type KeyId,
  type RequestId,
  type Reservation,
  type UsageRow,
} from '../protocol/index.ts'
import { createSeededRandom } from './seeded-random.ts'

export const DAY = 'day/2026-11-21'
export const PERIODS = [DAY, 'week/2026-W47', 'month/2026-11', 'total']
export const random = createSeededRandom('ledger store contract')
export const grantId = createId<GrantId>(random)
export const keyId = createId<KeyId>(random)

export function makeReservation(members: Partial<Reservation> = {}): Reservation {
  return {
    requestId: createId<RequestId>(random),
    grantId,
    keyId,
    provider: 'openai',
    model: 'gpt-5-mini',
    capability: 'chat',
    lane: 'proxy',
    startedAt: 1_795_262_400_000,
    boundNanoUsd: 1000,
    boundTokens: 50,
    media: false,
    periods: PERIODS,
    ...members,
  }
}

export function makeRow(reservation: Reservation, members: Partial<UsageRow> = {}): UsageRow {
  const { requestId, provider, model, capability, lane, startedAt } = reservation
  return {
    requestId,
    grantId: reservation.grantId,
    keyId: reservation.keyId,
    provider,
    model,
    capability,
    lane,
    startedAt,
    durationMs: 1200,
    status: 200,
    ending: 'done',
    tokens: { input: 20, cachedInput: 0, cacheWriteInput: 0, output: 10, reasoning: 4 },
    costNanoUsd: 400,
    costSource: 'usage',
    ...members,
  }
}

export const dollars = (limitNanoUsd: number, period = DAY): PeriodLimit => ({
  period,
  limitNanoUsd,
})

export function assertSame(found: unknown, wanted: unknown, what: string): void {
  const [foundText, wantedText] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (foundText !== wantedText) {
    throw new Error(`${what}: ${foundText} instead of ${wantedText}`)
  }
}

export async function assertNoRoom(act: () => Promise<unknown>): Promise<void> {
  let refusal: unknown = 'not refused'
  try {
    await act()
  } catch (error) {
    refusal = isWalletError(error) ? error.code : String(error)
  }
  assertSame(refusal, 'vault.quota', 'the refusal')
}
