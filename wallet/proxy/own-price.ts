import { matchesPattern } from '../grants/index.ts'
import { ownPriceOf, type OwnPrice } from '../protocol/index.ts'
import type { OpenedKey } from './call.ts'

/** What the person says that a model costs with a key: the first of its prices that fits. Null: the table's. */
export function ownPrice({ prices = [] }: OpenedKey, model: string | null): OwnPrice | null {
  const found = prices.find((price) => matchesPattern(price.model, model ?? ''))
  return found ? ownPriceOf(found) : null
}
