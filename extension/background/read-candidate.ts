/** Texts that are said to hold a key, read once more by ourselves: what sent them is never trusted. */
import { findKeys } from '@valetkey/wallet/capture'
import {
  isValetKey,
  type NoKeyReason,
  type ProviderId,
  type ProviderKey,
} from '@valetkey/wallet/protocol'
import { valetKeyWithin } from '@valetkey/wallet/protocol/valet-key'
import { recogniseKey } from '@valetkey/wallet/providers'

/** Longer selections are read as far as here: nobody marks so much for one key. */
const SELECTION_LIMIT = 1_000_000
const LABEL_LIMIT = 80

export interface FoundKey {
  readonly provider: ProviderId
  readonly key: ProviderKey
}

/**
 * The key a dashboard's script proposes. It has to be one whole key of that dashboard's provider, of a kind
 * that is stored (C39), that leaves no doubt; never a valet key. Null for anything else.
 */
export function readProposedKey(text: string, provider: ProviderId): ProviderKey | null {
  if (isValetKey(text) || recogniseKey(text, provider)?.storable === false) return null
  const [found, ...others] = findKeys(text, provider)
  if (!found || others.length > 0 || found.start !== 0 || found.end !== text.length) return null
  if (!found.storable || found.provider !== provider || found.confidence !== 'high') return null
  return text as ProviderKey // judged just now
}

/**
 * The one key in what a person marked on any page.
 * @param named whose dashboard it was marked on
 */
export function readSelection(text: string, named: ProviderId | null): FoundKey | NoKeyReason {
  const read = text.slice(0, SELECTION_LIMIT)
  const found = findKeys(read, named)
  const [first] = found
  if (!first) return valetKeyWithin(read) === null ? 'none' : 'valet'
  const keys = new Set(found.map(({ start, end }) => read.slice(start, end)))
  if (keys.size > 1) return 'several'
  const key = read.slice(first.start, first.end)
  const { provider } = first
  if (!first.storable || provider === 'github-models') return 'admin'
  if (recogniseKey(key, named)?.storable === false) return 'admin'
  return { provider, key: key as ProviderKey } // judged just now
}

/** What a page calls a key, fit to be shown as one line: no control or direction marks, no key in it. */
export function readPageName(name: string | null, key: string): string {
  if (name === null || name.includes(key) || findKeys(name).length > 0) return ''
  const line = name.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim()
  return Array.from(line).slice(0, LABEL_LIMIT).join('').trim()
}
