import { WalletError } from '../protocol/index.ts'
import type { Place } from './provider.ts'

/**
 * What the WHATWG parser leaves in a path and a server may still decode into another one (C24): encoded
 * dots, slashes, backslashes, percent signs, semicolons and control characters.
 */
const ENCODED_TRAVERSAL = /%(?:2e|2f|5c|25|3b|[01][0-9a-f]|7f)/i

/**
 * The address of a call. Everything after this is judged on the parsed URL, never on the text (C23, C25).
 * @param place where the call must lead, if not to an https host at its usual port
 * @throws `request.invalid` for what two parsers could read as two addresses (C24, C26)
 */
export function parseCallUrl(given: string, place?: Pick<Place, 'origin'>): URL {
  // The parser drops these wherever they stand, so no rule may be judged with them in the text (C26).
  const text = given.replaceAll(/[\t\n\r]/g, '')
  const origin = place ? new URL(place.origin) : null
  const scheme = origin?.protocol ?? 'https:'
  // `https:evil` and `https:///evil` are hosts to the parser (C26); plain http would show the key.
  if (!text.toLowerCase().startsWith(`${scheme}//`)) throw refused('scheme')
  if (/^[/\\]/.test(text.slice(scheme.length + 2))) throw refused('scheme')
  // An empty fragment or user part leaves no trace in the parsed URL, so both are looked for here.
  if (text.includes('#')) throw refused('fragment')
  const beforeQuery = text.split('?', 1)[0] ?? ''
  if (beforeQuery.includes('\\')) throw refused('backslash')
  if (authorityOf(text).includes('@')) throw refused('user')
  if (!URL.canParse(text)) throw refused('url')
  const url = new URL(text)
  if (url.protocol !== scheme) throw refused('scheme')
  // The parser drops the default port, so any port left is another service.
  if (url.port !== (origin?.port ?? '')) throw refused('port')
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw refused('user')
  assertPath(url.pathname)
  return url
}

function assertPath(path: string): void {
  if (ENCODED_TRAVERSAL.test(path)) throw refused('encoded path')
  if (path.includes('//') || path.includes(';') || path.includes('\\')) throw refused('path')
}

function authorityOf(text: string): string {
  return text.slice(text.indexOf('//') + 2).split(/[/?]/, 1)[0] ?? ''
}

function refused(reason: string): WalletError {
  return new WalletError('request.invalid', { reason })
}
