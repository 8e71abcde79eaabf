import { useEffect, useRef, useState } from 'react'
import type { ImportedKeySummary, KeyId, WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { testEach, type KeyTestState } from '../key-tests.ts'
import { useAction } from './use-action.ts'

export interface KeyTests {
  readonly states: ReadonlyMap<KeyId, KeyTestState>
  readonly busy: boolean
  readonly error: WalletError | null
  /** Tests what was not tested yet. */
  readonly start: () => void
  readonly stop: () => void
}

/** Tests keys that were just stored. Whoever leaves the screen stops it; what was found stands with the keys. */
export function useKeyTests(keys: readonly ImportedKeySummary[]): KeyTests {
  const [states, setStates] = useState<ReadonlyMap<KeyId, KeyTestState>>(new Map())
  const { busy, error, run } = useAction()
  const stopping = useRef<AbortController>(null)

  useEffect(() => () => stopping.current?.abort(), [])

  return {
    ...{ states, busy, error },
    start: () => {
      const controller = new AbortController()
      stopping.current = controller
      const left = keys.map(({ keyId }) => keyId).filter((keyId) => !states.has(keyId))
      run(() =>
        testEach(left, {
          signal: controller.signal,
          check: async (keyId) => (await request('key.check', { keyId })).test.outcome,
          onState: (keyId, state) => {
            setStates((before) => new Map(before).set(keyId, state))
          },
        }),
      )
    },
    stop: () => stopping.current?.abort(),
  }
}
