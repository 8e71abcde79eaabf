import { useEffect, useState } from 'react'
import type { CaptureRequest, WalletStatus } from '@valetkey/wallet/protocol'
import { onStateChanged, request } from '../background-client.ts'

/** A key that waits to be confirmed, as far as its window knows it. */
export type Asked =
  'loading' | 'forgotten' | { readonly vault: WalletStatus['vault']; readonly key: CaptureRequest }

/** Reads it again after every change: the vault was unlocked, or locked. */
export function useCapture(id: string): Asked {
  const [asked, setAsked] = useState<Asked>('loading')
  const forgottenAt = typeof asked === 'object' ? asked.key.forgottenAt : null

  useEffect(() => {
    let current = true
    const read = async () => {
      const { vault } = await request('status.get', {})
      const key = await request('capture.get', { id })
      if (current) setAsked({ vault, key })
    }
    const refresh = () => {
      read().catch(() => {
        // What was shown stays: it was saved just now, or its time is nearly over.
        if (current) setAsked((before) => (before === 'loading' ? 'forgotten' : before))
      })
    }
    refresh()
    const stop = onStateChanged(refresh)
    return () => {
      current = false
      stop()
    }
  }, [id])

  useEffect(() => {
    if (forgottenAt === null) return
    const timer = setTimeout(() => {
      setAsked('forgotten')
      // The worker may have slept through it.
      void request('capture.discard', { id }).catch(() => undefined)
    }, forgottenAt - Date.now())
    return () => {
      clearTimeout(timer)
    }
  }, [id, forgottenAt])

  return asked
}
