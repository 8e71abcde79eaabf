import { createContext, useContext } from 'react'
import type { RecoveryKit, WireError } from '@valetkey/wallet/protocol'

/** A kit that was just made, on its way to the person. */
export interface MadeKit {
  readonly kit: RecoveryKit
  readonly lostPasskeys: number
  /** Whether others may know the keys in the vault. */
  readonly leaked: boolean
  /** The place of the dashboard that asked for it, where the person goes on. */
  readonly from?: 'devices'
  /** What went wrong after it was made: it is in force all the same. */
  readonly problem?: WireError | null
}

/** Shows a kit in place of everything else: it must not go with the screen that asked for it. */
export const ShowKit = createContext<(made: MadeKit) => void>(() => undefined)

export function useShowKit(): (made: MadeKit) => void {
  return useContext(ShowKit)
}
