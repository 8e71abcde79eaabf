/** The order of the provider keys: the person's own, and the order a pool tries them in. */
import { WalletError, type KeyId, type RecordFields } from '../protocol/index.ts'
import type { OpenVault } from './open-vault.ts'

/** Room between two neighbours, so that a key put between them changes no other record. */
const STEP = 1024

interface OrderedKey {
  readonly id: KeyId
  readonly fields: Pick<RecordFields<'key'>, 'order' | 'createdAt'>
}

/** The keys in the person's order; a tie goes to the older one, so that every device sees the same. */
export function sortKeys<K extends OrderedKey>(keys: readonly K[]): K[] {
  return [...keys].sort(
    (a, b) =>
      a.fields.order - b.fields.order ||
      a.fields.createdAt - b.fields.createdAt ||
      (a.id < b.id ? -1 : 1),
  )
}

/** The order of a key that comes after all others. */
export function orderAtEnd(keys: readonly OrderedKey[]): number {
  return keys.reduce((last, { fields }) => Math.max(last, fields.order), 0) + STEP
}

/** The orders of so many keys that come after all others, as far apart as placed ones are. */
export function ordersAtEnd(keys: readonly OrderedKey[], count: number): number[] {
  const first = orderAtEnd(keys)
  return Array.from({ length: count }, (_, index) => first + index * STEP)
}

/**
 * Puts a key before another one, or last where `before` is null. One commit: a crash leaves the old order
 * or the new one.
 * @throws `request.not_found` for a key that is not there, `sync.conflict`
 */
export async function placeKey(
  vault: OpenVault,
  keyId: KeyId,
  before: KeyId | null,
): Promise<void> {
  const { records } = await vault.listKeys()
  const orders = ordersWith(sortKeys(records), keyId, before)
  await vault.updateRecords(
    'key',
    new Map([...orders].map(([id, order]) => [id, { order }] as const)),
  )
}

/** The orders that change: one record where there is room, all of them where there is none. */
function ordersWith(
  sorted: readonly OrderedKey[],
  keyId: KeyId,
  before: KeyId | null,
): ReadonlyMap<KeyId, number> {
  const others = sorted.filter(({ id }) => id !== keyId)
  const place = before === null ? others.length : others.findIndex(({ id }) => id === before)
  if (others.length === sorted.length || place < 0) throw new WalletError('request.not_found')
  const low = others[place - 1]?.fields.order
  const high = others[place]?.fields.order
  const order = between(low, high)
  if (order !== null) return new Map([[keyId, order]])
  const ids = others.map(({ id }) => id)
  const all = [...ids.slice(0, place), keyId, ...ids.slice(place)]
  return new Map(all.map((id, index) => [id, (index + 1) * STEP]))
}

/** A whole number strictly between two orders, null where there is none. */
function between(low: number | undefined, high: number | undefined): number | null {
  if (low === undefined) return high === undefined ? STEP : high - STEP
  if (high === undefined) return low + STEP
  const middle = Math.floor((low + high) / 2)
  return middle > low && middle < high ? middle : null
}
