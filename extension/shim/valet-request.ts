/** Finds the valet key a request carries, by form and checksum alone: the shim knows no hosts. */
import { isValetKey, valetKeyWithin } from '@valetkey/wallet/protocol/valet-key'
import type { Channel } from './channel.ts'
import { NativeSearch, eachHeader, eachParameter, getOwnPropertyDescriptor } from './natives.ts'

/** A request a page is about to make, by whichever API: each one passes here, ours or not. */
export interface Outgoing {
  /** As the page wrote it: it may be relative. */
  readonly url: string
  /** Undefined, too, where `isKeyless` has seen them. */
  readonly headers: Headers | undefined
  /** The body, if it is text. No provider takes a key from there. */
  readonly text: string | null
}

/** Of a long body only the beginning is searched: it is the page's time that it takes. */
const SEARCHED_CHARACTERS = 65_536

/**
 * The valet key that makes a request ours: in the URL's query or in any header, bare or after a scheme
 * (`Bearer`, `Token`, `Key`). Null where there is none; a valet key where no provider takes one, inside
 * the address as a relay has it or in a body for the app's own server, is told of and changes nothing.
 */
export function keyOf(outgoing: Outgoing, channel: Pick<Channel, 'tellStray'>): string | null {
  const { url, headers, text } = outgoing
  const found = keyInQuery(url) ?? (headers ? keyInHeaders(headers) : null)
  if (found !== null) return found
  const stray =
    valetKeyWithin(url) ??
    (text === null ? null : valetKeyWithin(text.slice(0, SEARCHED_CHARACTERS)))
  if (stray !== null) channel.tellStray(url, stray)
  return null
}

/**
 * Whether headers are a record of plain text in which no valet key stands. It says so without running
 * code of the page, and far cheaper than `Headers` would: most requests are none of ours.
 */
export function isKeyless(headers: HeadersInit | undefined): boolean {
  if (typeof headers !== 'object' || Symbol.iterator in headers) return false
  for (const name in headers) {
    const value: unknown = getOwnPropertyDescriptor(headers, name)?.value
    if (typeof value !== 'string' || keyInValue(value) !== null) return false
  }
  return true
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
