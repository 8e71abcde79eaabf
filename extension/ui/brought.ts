/** What a person pastes or drops beside the boxes: any text or file, with keys in it or none. */
import { findKeys } from '@valetkey/wallet/capture'
import { MESSAGES } from './messages.ts'
import { readPastedKey } from './pasted-key.ts'

export type Brought = { readonly text: string } | { readonly file: File }

export type JudgedText =
  /** Fit for the form that adds one key. */
  | { readonly kind: 'one'; readonly text: string }
  /** To be looked at, key by key. */
  | { readonly kind: 'several' }
  | { readonly kind: 'refused'; readonly reason: string }

/** A line that names what stands behind it: a `.env` file, in which the name may tell whose key it is. */
const ASSIGNMENT = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=/m

/** Where what was brought goes on. A file is always looked at first. */
export function judgeBrought(brought: Brought): JudgedText {
  if ('file' in brought) return { kind: 'several' }
  const { text } = brought
  const read = readPastedKey(text)
  if (read.kind === 'fit' && read.provider !== null) return { kind: 'one', text: read.secret }
  if (read.kind === 'refused' && (read.why === 'admin' || read.why === 'valet')) {
    return { kind: 'refused', reason: read.reason }
  }
  const hasMore = read.kind === 'refused' && read.why === 'several'
  if (hasMore || ASSIGNMENT.test(text)) return { kind: 'several' }
  return { kind: 'refused', reason: MESSAGES.keys.nothingPasted }
}

/** Each key of a text once, as the line of a `.env` file. What is never stored is not among them (C39). */
export function pickKeys(text: string): string[] {
  const lines = findKeys(text).flatMap(({ provider, storable, start, end }) =>
    storable ? [`${nameOf(provider)}_API_KEY=${text.slice(start, end)}`] : [],
  )
  return [...new Set(lines)]
}

function nameOf(provider: string): string {
  return provider.toUpperCase().replaceAll('-', '_')
}
