/**
 * Calls that nobody between can read: sealed to the wallet's key of the week, which the wallet's own key signed
 * (formats §11). That one was compared with the public token when the wallet was linked.
 */
import {
  concat,
  createSigner,
  lp,
  readU32,
  relayKeyMessage,
  sealRelayRequest,
  signingPublicKey,
  startRelayExchange,
  verifySignature,
  type ChunkOpener,
  type RelayExchange,
  type RelayRequestHead,
} from '@valetkey/wallet/crypto/relay'
import {
  isJsonObject,
  parseJson,
  relayKeyReplySchema,
  type GrantId,
  type RequestId,
} from '@valetkey/wallet/protocol'
import { fromBase64url, toBase64url } from './base64url.ts'
import { createError } from './errors.ts'
import { lostCall } from './lost.ts'
import { send, type Transport } from './send.ts'
import type { LinkedWallet } from './types.ts'
import type { SentCall, WalletCall } from './wallet-call.ts'

const PROXY = '/v1/proxy/'
const LENGTH_BYTES = 4
/** A chunk is 64 KiB at most; anything that says it is larger is none. */
const CHUNK_LIMIT_BYTES = 65_536
/** Two clocks may be so far apart. */
const SKEW_MS = 5 * 60_000

/** Ed25519, of the app's own key. */
export const publicKeyOf = signingPublicKey

/** Seals the calls of one wallet. */
export class CallSealer {
  readonly #transport: Transport
  readonly #wallet: LinkedWallet
  readonly #sign: (message: Uint8Array) => Promise<Uint8Array>
  #key: { readonly pk: string; readonly notAfter: number } | null = null
  /** Of one call that is still to come. */
  #ahead: { readonly pk: string; readonly exchange: Promise<RelayExchange> } | null = null

  /** @param seed of the app's own Ed25519 key */
  constructor(transport: Transport, wallet: LinkedWallet, seed: Uint8Array) {
    this.#transport = transport
    this.#wallet = wallet
    this.#sign = createSigner(seed)
  }

  /**
   * @throws ValetKeyError `relay.wallet_offline` for a wallet that named no key yet; `auth.failed` for a key
   *   of somebody who stands between
   */
  async seal({ method, path, headers, body, idempotencyKey }: WalletCall): Promise<SentCall> {
    const pk = await this.#keyOfNow()
    const exchange = this.#takeExchange(pk)
    const { connectionId, accessToken } = this.#wallet
    const requestId = toBase64url(crypto.getRandomValues(new Uint8Array(16)))
    const place = {
      ...{ grant: connectionId as GrantId, requestId: requestId as RequestId, t: Date.now() },
    }
    const head: RelayRequestHead = { method, path: pathOf(path), headers: [...headers] }
    const bytes = body === null ? new Uint8Array() : await bytesOf(body)
    const key = fromBase64url(pk)
    const call = { head, body: bytes, exchange }
    const sealed = await sealRelayRequest(key, place, call, this.#sign)
    const { t } = place
    const opening = { requestId, t, enc: toBase64url(sealed.enc), idempotencyKey }
    const parts = [new TextEncoder().encode(JSON.stringify(opening)), ...sealed.chunks]
    return {
      path: '/v1/relay',
      init: {
        method: 'POST',
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/octet-stream',
        },
        body: concat(...parts.map(lp)),
      },
      open: (reply) => {
        this.#prepare(pk)
        return openReply(reply, sealed.openReply)
      },
    }
  }

  /** The one that was begun ahead, once; or one that begins now. */
  #takeExchange(pk: string): Promise<RelayExchange> {
    const ahead = this.#ahead
    this.#ahead = null
    return ahead?.pk === pk ? ahead.exchange : this.#startExchange(pk)
  }

  /** For the next call, while nobody waits. */
  #prepare(pk: string): void {
    if (this.#ahead?.pk === pk) return
    const exchange = this.#startExchange(pk)
    // Whoever takes it hears of it.
    exchange.catch(() => undefined)
    this.#ahead = { pk, exchange }
  }

  #startExchange(pk: string): Promise<RelayExchange> {
    return startRelayExchange(fromBase64url(pk), this.#wallet.connectionId as GrantId)
  }

  async #keyOfNow(): Promise<string> {
    if (this.#key === null || this.#key.notAfter <= Date.now()) this.#key = await this.#readKey()
    return this.#key.pk
  }

  async #readKey(): Promise<{ readonly pk: string; readonly notAfter: number }> {
    const { accessToken, connectionId, walletKey } = this.#wallet
    const reply = await send(
      this.#transport,
      {
        path: '/v1/relay/key',
        init: { method: 'GET', headers: { authorization: `Bearer ${accessToken}` } },
        open: (said) => Promise.resolve(said),
      },
      () => createError('provider.network'),
    )
    const said = parseJson(await reply.text())
    const { data } = relayKeyReplySchema.safeParse(isJsonObject(said) ? said['data'] : null)
    if (!data?.relayKey) throw createError('relay.wallet_offline')
    const { relayKey } = data
    const { pk, notBefore, notAfter, sig } = relayKey
    const message = relayKeyMessage(connectionId, { pk, notBefore, notAfter })
    // The server hands it on: what makes it the wallet's is the key that was pinned.
    if (!verifySignature(fromBase64url(walletKey), message, fromBase64url(sig))) {
      throw createError('auth.failed', {
        message: 'The key to seal to is not signed by this person’s wallet.',
        action: 'Do not use this connection. Ask whoever runs the server.',
      })
    }
    const now = Date.now()
    if (notBefore > now + SKEW_MS || notAfter <= now) throw createError('relay.wallet_offline')
    return { pk, notAfter }
  }
}

/** As the relay names it to a wallet. */
function pathOf(path: string): string {
  const rest = path.slice(PROXY.length)
  return rest.startsWith('passthrough/') ? `/${rest}` : `/v1/${rest}`
}

async function bytesOf(body: BodyInit): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(body).arrayBuffer())
}

/** @throws ValetKeyError `relay.wallet_lost` for a reply that is not this wallet's, or not whole */
async function openReply(
  reply: Response,
  start: (n: Uint8Array) => Promise<ChunkOpener>,
): Promise<Response> {
  if (!reply.ok || reply.body === null) throw lostCall()
  const parts = partsOf(reply.body)
  const first = await parts.next()
  if (first.done === true) throw lostCall()
  const opener = await start(first.value)
  const plain = openParts(parts, opener)
  const { head, rest } = await readHead(plain)
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      if (rest.length > 0) controller.enqueue(rest)
    },
    async pull(controller) {
      try {
        const { done, value } = await plain.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        controller.error(lostCall(error))
      }
    },
    async cancel() {
      await plain.return(undefined)
    },
  })
  const isEmpty = [204, 205, 304].includes(head.status)
  return new Response(isEmpty ? null : body, {
    status: head.status,
    headers: head.headers,
  })
}

interface ReplyHead {
  readonly status: number
  readonly headers: [string, string][]
}

/** `lp(canonical {status, headers})`, which may stand in several chunks, and what of the body came with it. */
async function readHead(
  plain: AsyncGenerator<Uint8Array<ArrayBuffer>, undefined>,
): Promise<{ head: ReplyHead; rest: Uint8Array<ArrayBuffer> }> {
  let bytes = new Uint8Array()
  for (;;) {
    const end = bytes.length < LENGTH_BYTES ? Infinity : LENGTH_BYTES + readU32(bytes, 0)
    if (bytes.length >= end) {
      return { head: headOf(bytes.subarray(LENGTH_BYTES, end)), rest: bytes.slice(end) }
    }
    const { done, value } = await plain.next()
    if (done === true) throw lostCall()
    bytes = concat(bytes, value)
  }
}

function headOf(bytes: Uint8Array): ReplyHead {
  const head = parseJson(new TextDecoder().decode(bytes))
  if (!isJsonObject(head) || !Array.isArray(head['headers'])) throw lostCall()
  const headers = head['headers'].filter(isPair)
  return { status: Number(head['status']), headers }
}

function isPair(value: unknown): value is [string, string] {
  return (
    Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string')
  )
}

/** What the chunks hold, in order; that the last of them came is seen at the end. */
async function* openParts(
  parts: AsyncGenerator<Uint8Array, undefined>,
  opener: ChunkOpener,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  for await (const part of parts) {
    const opened = await opener.open(part)
    if (opened.length > 0) yield opened
  }
  opener.end()
}

/** `lp(part)` after `lp(part)`. */
async function* partsOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  const reader = body.getReader()
  let held = new Uint8Array()
  try {
    for (;;) {
      const length = held.length < LENGTH_BYTES ? Infinity : readU32(held, 0)
      if (Number.isFinite(length) && length > CHUNK_LIMIT_BYTES) throw lostCall()
      if (held.length >= LENGTH_BYTES + length) {
        yield held.slice(LENGTH_BYTES, LENGTH_BYTES + length)
        held = held.slice(LENGTH_BYTES + length)
        continue
      }
      const { done, value } = await reader.read()
      if (done) break
      held = concat(held, value)
    }
    if (held.length > 0) throw lostCall()
  } finally {
    // Whoever stops reading stops the wallet's call.
    await reader.cancel().catch(() => undefined)
  }
}
