import type { CallBound, DeniedCall } from '../metering/index.ts'
import { isWalletError, type OwnPrice, type Reservation, type Terms } from '../protocol/index.ts'
import type { ProxyPorts } from './ports.ts'

/** What a call may cost at most, and what the person lets it cost. */
interface Held {
  readonly bound: CallBound
  readonly terms: Pick<Terms, 'budgets' | 'requests' | 'tokens'>
  readonly media: boolean
  /** Of the key; null: the table's. */
  readonly price?: OwnPrice | null
}

/**
 * Holds the bound of a call; one there is no room for is logged, and costs nothing.
 * @throws what `Ledger.reserve` throws
 */
export async function holdBound(
  about: DeniedCall,
  { bound, terms, media, price }: Held,
  { ledger }: Pick<ProxyPorts, 'ledger'>,
): Promise<Reservation> {
  const { budgets, requests, tokens } = terms
  try {
    return await ledger.reserve({
      ...{ ...about, budgets, requests, tokens, media },
      ...amountsOf(bound),
      ...(price ? { price } : {}),
    })
  } catch (error) {
    if (isWalletError(error, 'budget.exceeded')) await ledger.recordDenied(about)
    throw error
  }
}

/** Of what nothing bounds as a whole, the part that something does. */
function amountsOf(bound: CallBound): { boundNanoUsd: number; boundTokens: number } {
  if (!('unbounded' in bound)) return bound
  return { boundNanoUsd: bound.partNanoUsd, boundTokens: bound.partTokens }
}
