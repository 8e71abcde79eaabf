import { describe, expect, it } from 'vitest'
import { defaultTerms } from '../grants/index.ts'
import { createLedger, type CallBound } from '../metering/index.ts'
import type { GrantId, KeyId, RequestId } from '../protocol/index.ts'
import { createMemoryLedgerStore } from '../testing/index.ts'
import { holdBound } from './hold-bound.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const ABOUT = {
  requestId: 'AAAAAAAAAAAAAAAAAAAAAA' as RequestId,
  grantId: 'BBBBBBBBBBBBBBBBBBBBBQ' as GrantId,
  keyId: 'CCCCCCCCCCCCCCCCCCCCCg' as KeyId,
  provider: 'openai' as const,
  ...{ model: 'gpt-5.4', capability: 'chat' as const, lane: 'proxy' as const },
}
const terms = defaultTerms({ now: NOW, keys: [] })

function hold(bound: CallBound, usd = '1.00') {
  const store = createMemoryLedgerStore()
  const ledger = createLedger({ store, clock: () => NOW })
  const budgets = [{ usd, window: 'month' as const }]
  const held = holdBound(ABOUT, { bound, terms: { ...terms, budgets }, media: false }, { ledger })
  return { store, ledger, held }
}

describe('the bound of a call', () => {
  it('is held before anything is sent', async () => {
    const { store, held } = hold({ boundNanoUsd: 7000, boundTokens: 3 })
    const reservation = await held

    expect(reservation).toMatchObject({ ...ABOUT, boundNanoUsd: 7000 })
    expect(await store.reservations()).toEqual([reservation])
  })

  it('is the part that can be bounded, where nothing bounds the whole', async () => {
    const { held } = hold({ unbounded: true, partNanoUsd: 9000, partTokens: 4 })

    expect(await held).toMatchObject({ boundNanoUsd: 9000 })
  })

  it('that finds no room is logged as refused, costs nothing, and holds nothing', async () => {
    const { store, ledger, held } = hold({ boundNanoUsd: 2_000_000_000, boundTokens: 3 })

    await expect(held).rejects.toMatchObject({ code: 'budget.exceeded' })
    expect(await ledger.usage(5)).toMatchObject([{ ...ABOUT, ending: 'denied', costNanoUsd: 0 }])
    expect(await store.reservations()).toEqual([])
  })
})
