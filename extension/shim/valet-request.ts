/** Finds the valet key a request carries, by form and checksum alone: the shim knows no hosts. */
import { isValetKey } from '@valetkey/wallet/protocol/valet-key'
import { NativeSearch, eachHeader, eachParameter } from './natives.ts'

/** A request a page is about to make, by whichever API: each one passes here, ours or not. */
export interface Outgoing {
  /** As the page wrote it: it may be relative. */
  readonly url: string
  readonly headers: Headers | undefined
  /** The body, if it is text. No provider takes a key from there, so it is not searched. */
  readonly text: string | null
}

/**
 * The valet key in the URL's query or in any header, bare or after a scheme (`Bearer`, `Token`, `Key`),
 * or null.
 */
export function findValetKey({ url, headers }: Outgoing): string | null {
  return keyInQuery(url) ?? (headers ? keyInHeaders(headers) : null)
}

function keyInQuery(url: string): string | null {
  const query = url.indexOf('?')
  if (query < 0) return null
  const fragment = url.indexOf('#', query)
  const text = fragment < 0 ? url.slice(query + 1) : url.slice(query + 1, fragment)
  let found: string | null = null
  eachParameter(new NativeSearch(text), (value) => {
    if (isValetKey(value)) found ??= value
  })
  return found
}

function keyInHeaders(headers: Headers): string | null {
  let found: string | null = null
  eachHeader(headers, (value) => {
    found ??= keyInValue(value)
  })
  return found
}

/** No valet key has a comma or a space in it, so they part schemes and repeated headers. */
function keyInValue(value: string): string | null {
  let start = 0
  for (let index = 0; index <= value.length; index++) {
    const character = value[index]
    if (character !== undefined && character !== ' ' && character !== ',') continue
    const word = value.slice(start, index)
    if (isValetKey(word)) return word
    start = index + 1
  }
  return null
}
