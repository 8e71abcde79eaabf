/** Testing many keys one after another, a few at a time. */
import { isWalletError, type KeyId, type KeyTest } from '@valetkey/wallet/protocol'

/** How far the test of a key is. `failed`: nobody knows, it could not be carried out. */
export type KeyTestState = KeyTest['outcome'] | 'testing' | 'failed'

/** Providers take many questions at once for an attack. */
export const TESTS_AT_ONCE = 3

interface Tests {
  readonly check: (keyId: KeyId) => Promise<KeyTest['outcome']>
  readonly onState: (keyId: KeyId, state: KeyTestState) => void
  /** No further test begins; those that run are waited for. */
  readonly signal: AbortSignal
}

/**
 * Tests each key. One that cannot be tested stops no other.
 * @throws `vault.locked`: without the vault no key can be tested
 */
export async function testEach(
  keyIds: readonly KeyId[],
  { check, onState, signal }: Tests,
): Promise<void> {
  const waiting = [...keyIds]
  const testInTurn = async () => {
    for (let keyId = waiting.shift(); keyId !== undefined; keyId = waiting.shift()) {
      if (signal.aborted) return
      onState(keyId, 'testing')
      try {
        onState(keyId, await check(keyId))
      } catch (error) {
        onState(keyId, 'failed')
        if (!isWalletError(error, 'vault.locked')) continue
        waiting.length = 0
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: TESTS_AT_ONCE }, testInTurn))
}

const WORST_FIRST: readonly (KeyTestState | undefined)[] = [
  ...(['refused', 'failed', 'unreachable', 'limited', undefined, 'testing', 'works'] as const),
]

/** What needs the person stands on top; of one kind, as they came. */
export function sortByState<T extends { readonly keyId: KeyId }>(
  keys: readonly T[],
  states: ReadonlyMap<KeyId, KeyTestState>,
): T[] {
  const rank = ({ keyId }: T) => WORST_FIRST.indexOf(states.get(keyId))
  return keys.toSorted((one, other) => rank(one) - rank(other))
}
