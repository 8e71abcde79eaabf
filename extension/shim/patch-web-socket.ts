/** `WebSocket` as the page knows it; one that carries a valet key is opened by the wallet instead. */
import { isValetKey } from '@valetkey/wallet/protocol/valet-key'
import type { Channel } from './channel.ts'
import { NativeUrl, construct, create, eachOf, hrefOf, namesOf } from './natives.ts'
import { keyOf } from './valet-request.ts'
import { createWalletSocket } from './socket-object.ts'
import type { SocketRequest } from './wallet-socket.ts'
import { wrapSocket, type SocketClass } from './wrap-socket.ts'

/** Longer than any address or list a provider takes: the browser may have it. */
const URL_LIMIT = 16_384
const PROTOCOLS_LIMIT = 32
// RFC 9110 §5.6.2: the browser refuses any other name, with an error of its own.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,512}$/

/**
 * Replaces `scope.WebSocket`. A socket without a valet key is the browser's own, made with the same
 * arguments in the same turn.
 */
export function patchWebSocket(scope: { WebSocket: SocketClass }, channel: Channel): void {
  wrapSocket(scope, (native, args, newTarget) => {
    const seen = look(args[0], args[1], channel)
    if (!seen) return construct(native, args, newTarget)
    const openNative = (): WebSocket => construct(native, [seen.url, seen.protocols])
    return createWalletSocket(channel, seen, { openNative, newTarget })
  })
}

/** Looks for a valet key. C46: what it had to read for that is what is judged and sent. */
function look(url: unknown, protocols: unknown, channel: Channel): SocketRequest | null {
  try {
    if (typeof url !== 'string' && !(url instanceof NativeUrl)) return null
    const names = namesIn(protocols)
    const href = socketAddress(typeof url === 'string' ? url : hrefOf(url))
    if (names === null || href === null) return null
    const valetKey =
      keyAmong(names) ?? keyOf({ url: href, headers: undefined, text: null }, channel)
    return valetKey === null ? null : { url: href, protocols: names, valetKey }
  } catch {
    // The browser refuses it too: its own error is the one the page should get.
    return null
  }
}

/** The names of an argument any browser takes; null for anything else, which is the browser's to judge. */
function namesIn(protocols: unknown): string[] | null {
  if (protocols === undefined) return []
  const given: unknown = typeof protocols === 'string' ? [protocols] : protocols
  if (!Array.isArray(given) || given.length > PROTOCOLS_LIMIT) return null
  const names: string[] = []
  const seen = create(null) as Partial<Record<string, true>>
  eachOf(given, (name: unknown, at) => {
    if (typeof name !== 'string' || !TOKEN.test(name)) return
    seen[name.toLowerCase()] = true
    names[at] = name
  })
  // Holes, other things and names that came before are the browser's to refuse.
  return namesOf(seen).length === given.length ? names : null
}

/** A key stands alone (Deepgram), or after the first dot of a name that says what it is (OpenAI). */
function keyAmong(names: readonly string[]): string | null {
  let found: string | null = null
  eachOf(names, (name) => {
    const rest = name.slice(name.indexOf('.') + 1)
    if (isValetKey(name)) found ??= name
    else if (isValetKey(rest)) found ??= rest
  })
  return found
}

/** The address as a socket has it, or null for one the browser refuses, or that is too long for anyone. */
function socketAddress(given: string): string | null {
  // No base but the document's: a page names its provider in full.
  const href = hrefOf(new NativeUrl(given, globalThis.location.href))
  const address = href.replace(/^http(s?):/, 'ws$1:')
  if (!/^wss?:/.test(address) || address.includes('#')) return null
  return address.length > URL_LIMIT ? null : address
}
