/**
 * A call of an app server, sealed for the wallet (formats §11): HPKE Base in chunks, the app's signature
 * inside, and a reply whose keys come from the same exchange. A relay in between sees sizes and times.
 */
import {
  WalletError,
  canonicalJson,
  fromBase64url,
  isJsonObject,
  parseJson,
  type GrantId,
  type JsonObject,
  type Random,
  type RequestId,
} from '../protocol/index.ts'
import { concat, label, lp, readU32, u64, utf8, type Bytes } from './bytes.ts'
import { hkdfExpand, hkdfExtract } from './hash.ts'
import { openHpke, startHpke, type HpkeSender } from './hpke.ts'
import { drawBytes } from './random.ts'
import { relayRequestMessage } from './relay-messages.ts'
import { verifyByPlatform } from './platform-signing.ts'

/** What a sealed call is bound to, readable by the relay. */
export interface RelayPlace {
  readonly grant: GrantId
  readonly requestId: RequestId
  /** Unix milliseconds at the app. */
  readonly t: number
}

/** What a call says before its body. */
export interface RelayRequestHead {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

export interface ChunkSealer {
  /** One chunk; after the final one there is no other. @throws TypeError */
  readonly seal: (plain: Uint8Array, isFinal: boolean) => Promise<Bytes>
}

export interface ChunkOpener {
  /** The next chunk in order. @throws the code it was made with: changed, out of turn or after the end */
  readonly open: (chunk: Uint8Array) => Promise<Bytes>
  /** To be called when nothing more comes. @throws the same where no final chunk came */
  readonly end: () => void
}

export interface SealedRelayRequest {
  /** The encapsulated key, 32 bytes: it stands in the frame that opens the call. */
  readonly enc: Bytes
  readonly chunks: readonly Bytes[]
  /** Opens the reply to this very request. @param n the reply's first 32 bytes */
  readonly openReply: (n: Uint8Array) => Promise<ChunkOpener>
}

const SIGNATURE_BYTES = 64
const SALT_BYTES = 32
/** A frame's payload holds 64 KiB: a chunk and its tag of 16 bytes must stand in one. */
const TAG_BYTES = 16
const CHUNK_BYTES = 65_536 - TAG_BYTES

/** One exchange with a wallet's key: of one call, and no other. */
export type RelayExchange = HpkeSender

/** What takes longest of sealing a call, and needs nothing of it. @throws as {@link sealRelayRequest} */
export function startRelayExchange(walletKey: Uint8Array, grant: GrantId): Promise<RelayExchange> {
  return startHpke(walletKey, infoOf({ grant }))
}

/**
 * Seals a call to the wallet's key of the week.
 * @param sign the app's Ed25519 signature over the bytes it is given
 * @throws `request.invalid` for a key nothing can be agreed with
 */
export async function sealRelayRequest(
  walletKey: Uint8Array,
  place: RelayPlace,
  call: {
    readonly head: RelayRequestHead
    readonly body: Uint8Array
    /** Begun before, for this key and grant; absent: it is begun now. */
    readonly exchange?: Promise<RelayExchange>
  },
  sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<SealedRelayRequest> {
  const { enc, seal, exportSecret } = await (call.exchange ??
    startRelayExchange(walletKey, place.grant))
  const { method, path, headers } = call.head
  const head = utf8(canonicalJson({ method, path, headers: headers.map(([...pair]) => pair) }))
  const afterSignature = concat(lp(head), call.body)
  const signature = await sign(relayRequestMessage({ enc, walletKey, ...place }, afterSignature))
  const plain = concat(signature, afterSignature)
  const aad = requestAad(place)
  const sealer = chunkSealer(seal, aad)
  const chunks: Bytes[] = []
  for (let at = 0; at < plain.length; at += CHUNK_BYTES) {
    const isFinal = at + CHUNK_BYTES >= plain.length
    chunks.push(await sealer.seal(plain.subarray(at, at + CHUNK_BYTES), isFinal))
  }
  const openReply = async (n: Uint8Array): Promise<ChunkOpener> =>
    openRelayReply({ secret: await exportSecret(REPLY_LABEL(), 32), enc, n, aad })
  return { enc, chunks, openReply }
}

export interface OpenedRelayRequest {
  readonly opener: ChunkOpener
  /**
   * Reads what the chunks held, once all of them came.
   * @param appKey the app's Ed25519 key as the person's wallet pinned it
   * @throws `request.invalid` for another app's call, another place's, or one that was changed
   */
  readonly read: (
    plain: Uint8Array,
    appKey: Uint8Array,
  ) => Promise<RelayRequestHead & { body: Bytes }>
  /** Starts a reply. A second one to the same request has another `n`, so no nonce is met twice. */
  readonly startReply: (random: Random) => Promise<{ n: Bytes } & ChunkSealer>
}

/**
 * Starts to open a call.
 * @param secret of the X25519 key it was sealed to
 * @throws `request.invalid`
 */
export async function openRelayRequest(
  secret: Uint8Array,
  walletKey: Uint8Array,
  place: RelayPlace,
  enc: Uint8Array,
): Promise<OpenedRelayRequest> {
  const pair = { secret, publicKey: walletKey }
  const { open, exportSecret } = await openHpke(pair, infoOf(place), enc).catch(refuseRequest)
  const aad = requestAad(place)
  return {
    opener: chunkOpener(open, { aad, likelyFinalBytes: CHUNK_BYTES + TAG_BYTES - 1 }, badRequest),
    read: (plain, appKey) => readRequest(plain, appKey, { enc, walletKey, ...place }),
    async startReply(random) {
      const n = drawBytes(random, SALT_BYTES)
      const secretOfReply = await exportSecret(REPLY_LABEL(), 32)
      const sealer = await sealRelayReply({ secret: secretOfReply, enc, n, aad })
      return { n, ...sealer }
    },
  }
}

/** What the keys of one reply are made from. */
export interface ReplyStart {
  /** Exported from the exchange of the request. */
  readonly secret: Uint8Array
  readonly enc: Uint8Array
  /** 32 random bytes of this reply. */
  readonly n: Uint8Array
  readonly aad: Uint8Array
}

/** @throws `relay.wallet_lost`: a reply that cannot be believed says nothing of what was spent */
export async function openRelayReply(start: ReplyStart): Promise<ChunkOpener> {
  const { key, nonceOf } = await replyKeys(start)
  let index = 0
  const open = async (chunk: Uint8Array, additionalData: Bytes): Promise<Bytes> => {
    const iv = nonceOf(index)
    const algorithm = { name: 'AES-GCM', iv, additionalData }
    const plain = await crypto.subtle.decrypt(algorithm, key, Uint8Array.from(chunk))
    index += 1
    return new Uint8Array(plain)
  }
  return chunkOpener(open, { aad: start.aad, likelyFinalBytes: TAG_BYTES }, badReply)
}

/** @throws `relay.wallet_lost` for an `n` of another length */
export async function sealRelayReply(start: ReplyStart): Promise<ChunkSealer> {
  const { key, nonceOf } = await replyKeys(start)
  let index = 0
  const seal = async (plain: Uint8Array, additionalData: Bytes): Promise<Bytes> => {
    // Taken before anything is waited for: two chunks sealed at once must not meet one nonce.
    const iv = nonceOf(index)
    index += 1
    const algorithm = { name: 'AES-GCM', iv, additionalData }
    return new Uint8Array(await crypto.subtle.encrypt(algorithm, key, Uint8Array.from(plain)))
  }
  return chunkSealer(seal, start.aad)
}

const REPLY_LABEL = (): Bytes => label('relay-reply')

async function replyKeys({ secret, enc, n }: ReplyStart) {
  if (n.length !== SALT_BYTES) throw badReply()
  const root = hkdfExtract(concat(enc, n), secret)
  const raw = hkdfExpand(root, label('relay-reply-key'))
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
  const base = hkdfExpand(root, label('relay-reply-nonce'), 12)
  const nonceOf = (index: number): Bytes => {
    const counter = concat(new Uint8Array(4), u64(index))
    return base.map((byte, at) => byte ^ (counter[at] ?? 0))
  }
  return { key, nonceOf }
}

type Transform = (bytes: Uint8Array, aad: Bytes) => Promise<Bytes>

function chunkSealer(seal: Transform, aad: Uint8Array): ChunkSealer {
  let isOver = false
  return {
    async seal(plain, isFinal) {
      if (isOver) throw new TypeError('a chunk after the final one')
      isOver = isFinal
      return seal(plain, chunkAad(aad, isFinal))
    },
  }
}

/**
 * Chunks do not say which is the last: a chunk that does not open as one of many is tried as the final one.
 * C105: exchanged, left out, added and cut off, each fails here, and what failed once opens nothing more.
 */
function chunkOpener(
  open: Transform,
  { aad, likelyFinalBytes }: { readonly aad: Uint8Array; readonly likelyFinalBytes: number },
  fault: () => WalletError,
): ChunkOpener {
  let state: 'open' | 'final' | 'failed' = 'open'
  return {
    async open(chunk) {
      if (state !== 'open') throw fault()
      state = 'failed'
      // A whole one is seldom the last, an empty one always is: what is likelier is tried first.
      const isLikelyFinal = chunk.length <= likelyFinalBytes
      for (const isFinal of [isLikelyFinal, !isLikelyFinal]) {
        const plain = await open(chunk, chunkAad(aad, isFinal)).catch(() => null)
        if (plain === null) continue
        state = isFinal ? 'final' : 'open'
        return plain
      }
      throw fault()
    },
    end() {
      if (state !== 'final') throw fault()
    },
  }
}

function chunkAad(aad: Uint8Array, isFinal: boolean): Bytes {
  return concat(lp(aad), lp(utf8(isFinal ? 'final' : '')))
}

function requestAad({ grant, requestId, t }: RelayPlace): Bytes {
  return utf8(canonicalJson({ v: 1, grant, requestId, t }))
}

function infoOf({ grant }: Pick<RelayPlace, 'grant'>): Bytes {
  return label('relay', fromBase64url(grant))
}

/** The signature first: nothing of another app's call is even parsed. */
async function readRequest(
  plain: Uint8Array,
  appKey: Uint8Array,
  request: Parameters<typeof relayRequestMessage>[0],
): Promise<RelayRequestHead & { body: Bytes }> {
  if (plain.length < SIGNATURE_BYTES + 4) throw badRequest()
  const afterSignature = plain.subarray(SIGNATURE_BYTES)
  const message = relayRequestMessage(request, afterSignature)
  const signature = plain.subarray(0, SIGNATURE_BYTES)
  if (!(await verifyByPlatform(appKey, message, signature))) throw badRequest()
  const bodyAt = 4 + readU32(afterSignature, 0)
  if (bodyAt > afterSignature.length) throw badRequest()
  const head = parseJson(new TextDecoder().decode(afterSignature.subarray(4, bodyAt)))
  return { ...readHead(head), body: afterSignature.slice(bodyAt) }
}

function readHead(value: unknown): RelayRequestHead {
  if (!isHead(value)) throw badRequest()
  return { method: value.method, path: value.path, headers: value.headers }
}

function isHead(value: unknown): value is JsonObject & RelayRequestHead {
  if (!isJsonObject(value)) return false
  const { method, path, headers } = value
  if (typeof method !== 'string' || typeof path !== 'string' || !Array.isArray(headers))
    return false
  return headers.every(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && pair.every((each) => typeof each === 'string'),
  )
}

function refuseRequest(): never {
  throw badRequest()
}

function badRequest(): WalletError {
  return new WalletError('request.invalid', { reason: 'seal' })
}

function badReply(): WalletError {
  return new WalletError('relay.wallet_lost')
}
