/** “Save key in ValetKey” on what a person marked: their own act, on any page. */
import { dashboardOf } from '@valetkey/wallet/capture'
import { isWalletError, type NoKeyReason } from '@valetkey/wallet/protocol'
import { readSelection } from './read-candidate.ts'
import type { Wallet } from './wallet.ts'

export interface Selection {
  readonly text: string
  /** Of the document it stands in; null where the browser does not say. */
  readonly url: string | null
  readonly tabId: number | null
}

/** Opens the window that saves the key in it, or that says why there is none to save. */
export async function saveSelection(
  { text, url, tabId }: Selection,
  { captures }: Pick<Wallet, 'captures'>,
  tell: (reason: NoKeyReason) => Promise<unknown>,
): Promise<void> {
  const origin = url !== null && URL.canParse(url) ? new URL(url).origin : null
  const found = readSelection(text, origin === null ? null : dashboardOf(origin))
  if (typeof found === 'string') {
    await tell(found)
    return
  }
  try {
    await captures.ask({ ...found, origin, via: 'selection', name: '', tabId })
  } catch (error) {
    if (!isWalletError(error, 'request.rate_limited')) throw error
    // The window that waits for its answer came to the front: it is the one to answer first.
  }
}
