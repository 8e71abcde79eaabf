import { useState } from 'react'
import type { WalletStatus } from '@valetkey/wallet/protocol'
import type { MadeKit } from '../made-kit.ts'

/**
 * The kit on show. It outlives the change from locked to open that a recovery is; when an open vault locks,
 * whoever comes next must not find it on the screen.
 */
export function useMadeKit(vault: WalletStatus['vault'] | null) {
  const [made, setMade] = useState<MadeKit | null>(null)
  const [seen, setSeen] = useState(vault)
  if (vault !== null && vault !== seen) {
    setSeen(vault)
    if (seen === 'unlocked') setMade(null)
  }
  return [made, setMade] as const
}
