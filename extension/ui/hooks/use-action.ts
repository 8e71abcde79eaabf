import { useState } from 'react'
import { asWalletError, type WalletError } from '@valetkey/wallet/protocol'

export interface Action {
  readonly busy: boolean
  readonly error: WalletError | null
  /** Runs `work` once at a time; what it throws becomes `error`. */
  readonly run: (work: () => Promise<void>) => void
}

/** One thing a person can start: whether it is running, and what went wrong. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<WalletError | null>(null)

  const run = (work: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    setError(null)
    void work()
      .catch((thrown: unknown) => {
        setError(asWalletError(thrown))
      })
      .finally(() => {
        setBusy(false)
      })
  }

  return { busy, error, run }
}
