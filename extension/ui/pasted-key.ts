import { isValetKey, type ProviderId } from '@valetkey/wallet/protocol'
import { recogniseKey } from '@valetkey/wallet/providers'
import { MESSAGES } from './messages.ts'

/** What a person put into the key box: fit to be sent off, or the sentence that says why not. */
export type PastedKey =
  | { readonly kind: 'fit'; readonly secret: string; readonly provider: ProviderId | null }
  | { readonly kind: 'refused'; readonly reason: string }

/** White space around a key is the clipboard's; a key of unknown form is left to its test. */
export function readPastedKey(text: string): PastedKey {
  const secret = text.trim()
  const { empty, valet, admin, spaces } = MESSAGES.addKey.refusals
  if (secret === '') return refuse(empty)
  if (/\s/.test(secret)) return refuse(spaces)
  // A valet key is worthless at a provider, and stored as a key it would be sent to one.
  if (isValetKey(secret)) return refuse(valet)
  const recognised = recogniseKey(secret)
  // C37, C39: a key that administers the account never enters the vault.
  if (recognised?.storable === false) return refuse(admin)
  return { kind: 'fit', secret, provider: recognised?.provider ?? null }
}

function refuse(reason: string): PastedKey {
  return { kind: 'refused', reason }
}
