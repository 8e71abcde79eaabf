import type { ConnectRequest } from '@valetkey/wallet/protocol'
import type { ConnectOptions } from './connect-options.ts'
import { ValetKeyError } from './valet-key-error.ts'

/** @throws ValetKeyError `request.invalid` for an amount that is none */
export function requestOf(options: ConnectOptions): ConnectRequest {
  const { capabilities = ['chat'], providers, models, budget, reason } = options
  const request = { capabilities, providers, models, budget: budgetOf(budget), reason }
  // The port copies it: nothing of the app's is changed.
  return request as ConnectRequest
}

function budgetOf(budget: ConnectOptions['budget']): ConnectRequest['budget'] {
  if (budget === undefined) return undefined
  if (typeof budget !== 'object') return budgetOf({ usd: budget, window: 'month' })
  const usd = typeof budget.usd === 'number' ? budget.usd.toFixed(2) : budget.usd
  if (!/^\d{1,9}\.\d{2}$/.test(usd)) {
    throw new ValetKeyError('request.invalid', { details: { field: 'budget' } })
  }
  return { usd, window: budget.window }
}
