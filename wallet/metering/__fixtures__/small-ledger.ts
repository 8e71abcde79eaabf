import {
  createId,
  type GrantId,
  type KeyId,
  type RequestId,
  type TokenUsage,
} from '../../protocol/index.ts'
import { createFakeClock, createMemoryLedgerStore, createSeededRandom } from '../../testing/index.ts'
import type { CallOutcome } from '../charge.ts'
import type { ReserveInput } from '../hold-call.ts'
import { createLedger, type LedgerPorts } from '../ledger.ts'

const random = createSeededRandom('ledger')
export const grantId = createId<GrantId>(random)
export const keyId = createId<KeyId>(random)
export const HOUR = 3_600_000
export const CENT = 10_000_000

export function setUp(more: Pick<LedgerPorts, 'confirmTime'> = {}) {
  const store = createMemoryLedgerStore()
  const clock = createFakeClock(Date.UTC(2026, 10, 21, 12))
  return { store, clock, ledger: createLedger({ store, clock: clock.now, ...more }) }
}

export function makeCall(members: Partial<ReserveInput> = {}): ReserveInput {
  return {
    requestId: createId<RequestId>(random),
    grantId,
    keyId,
    provider: 'openai',
    model: 'gpt-5-mini',
    capability: 'chat',
    budgets: [{ usd: '0.10', window: 'day' }],
    boundNanoUsd: 3 * CENT,
    boundTokens: 20_000,
    media: false,
    ...members,
  }
}

export const usage: TokenUsage = {
  input: 1000,
  cachedInput: 0,
  cacheWriteInput: 0,
  output: 500,
  reasoning: 0,
}
export const done: CallOutcome = {
  ending: 'done',
  status: 200,
  usage,
  usageFinal: true,
  firstByteSeen: true,
}
export const HONEST = 1000 * 250 + 500 * 2000
