import { useEffect, useState } from 'react'
import type { Strength } from '@valetkey/wallet/vault/strength'
import { estimateStrength } from '../strength.ts'

/** How hard what is typed is to guess; null while it is not known yet. */
export function useStrength(passphrase: string): Strength | null {
  const [judged, setJudged] = useState<{ of: string; strength: Strength } | null>(null)

  useEffect(() => {
    if (passphrase === '') return
    let current = true
    estimateStrength(passphrase).then(
      (strength) => {
        if (current) setJudged({ of: passphrase, strength })
      },
      // Without an estimate the length alone is told.
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [passphrase])

  return judged?.of === passphrase ? judged.strength : null
}
