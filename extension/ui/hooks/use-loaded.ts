import { useEffect, useState } from 'react'
import { asWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { onStateChanged } from '../background-client.ts'
import { createRefresher } from '../refresher.ts'

/** Something the background holds, as far as this window knows it. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: WalletError; readonly retry: () => void }

/**
 * Reads once and again after every change; what was read stays on screen meanwhile.
 * @param read must keep its identity between renders
 */
export function useLoaded<T>(read: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' })

  useEffect(() => {
    const { refresh, stop } = createRefresher(read, {
      onValue: (value) => {
        setLoaded({ state: 'ready', value })
      },
      onError: (error) => {
        setLoaded({ state: 'failed', error: asWalletError(error), retry: refresh })
      },
    })
    refresh()
    const stopListening = onStateChanged(refresh)
    return () => {
      stop()
      stopListening()
    }
  }, [read])

  return loaded
}
