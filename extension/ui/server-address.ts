import { isGrantableOrigin } from '@valetkey/wallet/protocol'
import { DEVICE_WORDS } from './messages/devices.ts'

/** What a person typed as the address of their sync server. */
export type TypedServer =
  | { readonly kind: 'fit'; readonly origin: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'refused'; readonly reason: 'unreadable' | 'plain' | 'more' }

const LOOPBACK = /^(?:localhost|127\.0\.0\.1)(?::\d+)?(?:\/|$)/i

/** Reads the address box. What is left out is filled in: `https://`, or `http://` on this computer. */
export function readServer(typed: string): TypedServer {
  const text = typed.trim()
  if (text === '') return { kind: 'empty' }
  const url = parseAddress(text)
  if (!url) return { kind: 'refused', reason: 'unreadable' }
  const hasMore = url.pathname !== '/' || url.search !== '' || url.hash !== ''
  if (hasMore || url.username !== '' || url.password !== '') {
    return { kind: 'refused', reason: 'more' }
  }
  if (isGrantableOrigin(url.origin)) return { kind: 'fit', origin: url.origin }
  return { kind: 'refused', reason: url.protocol === 'http:' ? 'plain' : 'unreadable' }
}

/** What is to be changed about it, null: nothing. */
export function serverRefusal(read: TypedServer): string | null {
  const words = DEVICE_WORDS.server.refusals
  if (read.kind === 'fit') return null
  return read.kind === 'empty' ? words.empty : words[read.reason]
}

function parseAddress(text: string): URL | null {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
  const scheme = LOOPBACK.test(text) ? 'http://' : 'https://'
  return URL.parse(hasScheme ? text : scheme + text)
}
