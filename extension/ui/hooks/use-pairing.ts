import { useEffect, useState } from 'react'
import type { UiResult } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'

const POLL_MS = 1_000

export type Pairing = UiResult<'pairing.get'>

/** How the pairing of this new device stands, asked each second while it is shown; null: not known yet. */
export function usePairing(): Pairing | null {
  const [pairing, setPairing] = useState<Pairing | null>(null)

  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      // The next question comes all the same: a worker that is starting misses one.
      const now = await request('pairing.get', {}).catch(() => null)
      if (isOver) return
      if (now) setPairing(now)
      timer = setTimeout(() => void ask(), POLL_MS)
    }
    void ask()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [])

  return pairing
}
