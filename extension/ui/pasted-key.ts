import { findKeys } from '@valetkey/wallet/capture'
import { isValetKey, type ProviderId } from '@valetkey/wallet/protocol'
import { valetKeyWithin } from '@valetkey/wallet/protocol/valet-key'
import { recogniseKey } from '@valetkey/wallet/providers'
import { MESSAGES } from './messages.ts'

type Refusal = keyof typeof MESSAGES.addKey.refusals

/** What a person put into the key box: fit to be sent off, or the sentence that says why not. */
export type PastedKey =
  | { readonly kind: 'fit'; readonly secret: string; readonly provider: ProviderId | null }
  | { readonly kind: 'refused'; readonly why: Refusal; readonly reason: string }

/**
 * White space around a key is the clipboard's; a line of a `.env` file or a message holds the key that
 * stands in it; a text of unknown form is left to its test.
 */
export function readPastedKey(text: string): PastedKey {
  const secret = text.trim()
  if (secret === '') return refuse('empty')
  // A valet key is worthless at a provider, and stored as a key it would be sent to one.
  if (isValetKey(secret)) return refuse('valet')
  const recognised = recogniseKey(secret)
  // C37, C39: a key that administers the account never enters the vault.
  if (recognised?.storable === false) return refuse('admin')
  if (recognised) return { kind: 'fit', secret, provider: recognised.provider }
  const within = readKeyWithin(secret)
  if (within) return within
  return /\s/.test(secret) ? refuse('spaces') : { kind: 'fit', secret, provider: null }
}

/** The one key in a longer text; null where there is none. */
function readKeyWithin(text: string): PastedKey | null {
  const found = findKeys(text)
  const [first] = found
  if (!first) return valetKeyWithin(text) === null ? null : refuse('valet')
  const secrets = new Set(found.map(({ start, end }) => text.slice(start, end)))
  if (secrets.size > 1) return refuse('several')
  if (!first.storable || first.provider === 'github-models') return refuse('admin')
  return { kind: 'fit', secret: text.slice(first.start, first.end), provider: first.provider }
}

function refuse(why: Refusal): PastedKey {
  return { kind: 'refused', why, reason: MESSAGES.addKey.refusals[why] }
}
