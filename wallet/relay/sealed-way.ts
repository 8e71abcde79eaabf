/** A sealed call as the wallet opens it: whose it is, when it was made, and how its reply is sealed. */
import {
  WalletError,
  canonicalJson,
  fromBase64url,
  isWalletError,
  type SealedOpen,
} from '../protocol/index.ts'
import {
  lp,
  openRelayRequest,
  utf8,
  type Bytes,
  type ChunkSealer,
  type OpenedRelayRequest,
} from '../crypto/index.ts'
import type { RelayOnce } from './once.ts'
import type { RelayConnection, RelayPorts, RelayReply, RelayedCall } from './ports.ts'

export interface SealedWay {
  readonly takeChunk: (bytes: Uint8Array) => Promise<Uint8Array>
  readonly read: (plain: Bytes) => Promise<RelayedCall>
  readonly startReply: () => Promise<
    ChunkSealer & {
      readonly n: Bytes
      readonly head: (status: number, headers: RelayReply['headers']) => Promise<Bytes>
    }
  >
}

const SKEW_MS = 5 * 60_000

/** @throws `request.replayed` for a call of another time */
export function openSealed(
  open: SealedOpen,
  { appKeys, exchangeKeys }: RelayConnection,
  { ports, once }: { readonly ports: RelayPorts; readonly once: RelayOnce },
): SealedWay {
  const { grant, requestId, t } = open
  // C105: what was made before this wallet's memory began may have been made here before.
  if (Math.abs(ports.clock() - t) > SKEW_MS || t < once.since) {
    throw new WalletError('request.replayed')
  }
  const place = { grant, requestId, t }
  let opened: OpenedRelayRequest | null = null
  /** The key of this week or the last: the first chunk opens under one of them, or under none. */
  const openFirst = async (chunk: Uint8Array): Promise<Bytes> => {
    for (const { secret, publicKey } of exchangeKeys) {
      const attempt = await openRelayRequest(secret, publicKey, place, fromBase64url(open.enc))
      const plain = await attempt.opener.open(chunk).catch(ignoreSeal)
      if (!plain) continue
      opened = attempt
      return plain
    }
    throw badSeal()
  }
  const known = (): OpenedRelayRequest => {
    if (!opened) throw badSeal()
    return opened
  }
  return {
    takeChunk: (bytes) => (opened ? opened.opener.open(bytes) : openFirst(bytes)),
    async read(plain) {
      const { opener, read } = known()
      opener.end()
      for (const appKey of appKeys) {
        try {
          return await read(plain, appKey)
        } catch (error) {
          ignoreSeal(error)
        }
      }
      // C106: whoever holds the app's token and not its key is not the app.
      throw badSeal()
    },
    async startReply() {
      const reply = await known().startReply(ports.random)
      return {
        ...reply,
        head: (status, headers) => {
          const pairs = headers.map(([...pair]) => pair)
          return reply.seal(lp(utf8(canonicalJson({ status, headers: pairs }))), false)
        },
      }
    },
  }
}

function ignoreSeal(error: unknown): null {
  if (!isWalletError(error, 'request.invalid')) throw error
  return null
}

function badSeal(): WalletError {
  return new WalletError('request.invalid', { reason: 'seal' })
}
