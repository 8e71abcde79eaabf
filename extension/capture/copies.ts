/** Keys in what the page copies (C59): told by a script in the page's own world, believed in nothing. */
import { findKeys } from '@valetkey/wallet/capture'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { COPIED } from './copied-event.ts'
import { isOurs } from './sightings.ts'

const LONGEST_COPY = 10_000
/** Nobody copies faster; a page that does would only cost time. */
const LEAST_MS = 50

export interface CopiedKey {
  readonly key: string
  readonly storable: boolean
}

/** Reads what the page's script says was copied: the one key of this provider in it, or null. */
export function readCopied(told: unknown, provider: ProviderId): CopiedKey | null {
  if (typeof told !== 'string' || told.length > LONGEST_COPY) return null
  const found = findKeys(told, provider).filter((candidate) => isOurs(candidate, provider))
  const [first] = found
  if (!first || found.length > 1) return null
  return { key: told.slice(first.start, first.end), storable: first.storable }
}

export function listenToCopies(provider: ProviderId, onCopied: (copied: CopiedKey) => void): void {
  let heardAt = -Infinity
  window.addEventListener(COPIED, (event) => {
    const now = performance.now()
    if (now - heardAt < LEAST_MS) return
    heardAt = now
    const copied = readCopied((event as CustomEvent<unknown>).detail, provider)
    if (copied) onCopied(copied)
  })
}
