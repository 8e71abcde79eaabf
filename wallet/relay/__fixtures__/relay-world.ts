import {
  WalletError,
  decodeRelayFrame,
  encodeRelayFrame,
  toBase64url,
  type GrantId,
  type PlainOpen,
  type RelayFrame,
  type RequestId,
  type SealedOpen,
} from '../../protocol/index.ts'
import {
  createKeySeed,
  exchangePublicKey,
  sealRelayRequest,
  sign,
  signingPublicKey,
  type SealedRelayRequest,
} from '../../crypto/index.ts'
import { createFakeClock, createSeededRandom } from '../../testing/index.ts'
import {
  createRelayOnce,
  RelaySession,
  type ClaimMemory,
  type KeptClaim,
  type RelayConnection,
  type RelayReply,
} from '../index.ts'
import type { RelayedCall } from '../ports.ts'

export const GRANT = 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId
const random = createSeededRandom('relay')
export const CHAT = { method: 'POST', path: '/v1/chat/completions', headers: [] }
export const newId = (): RequestId => toBase64url(random(16)) as RequestId

/** One wallet on one socket, and the server's end of it. */
export class RelayWorld {
  readonly clock = createFakeClock(Date.UTC(2026, 10, 22))
  readonly appSeed = createKeySeed(random)
  readonly secret = createKeySeed(random)
  readonly walletKey = exchangePublicKey(this.secret)
  readonly heard: RelayFrame[] = []
  readonly made: { call: RelayedCall; signal: AbortSignal }[] = []
  synced = true
  locked = false
  connection: RelayConnection = {
    ...{ grant: GRANT, sealed: 'plain', appKeys: [signingPublicKey(this.appSeed)] },
    exchangeKeys: [{ secret: this.secret, publicKey: this.walletKey }],
  }
  answer: () => Promise<RelayReply> = () =>
    Promise.resolve({ status: 200, headers: [], body: new Response('hello').body })
  readonly session: RelaySession
  readonly #waiting: (() => void)[] = []

  /** @param claims shared with the wallet of before, whose process ended */
  constructor(claims?: ClaimMemory) {
    const clock = () => this.clock.now()
    this.session = new RelaySession(
      {
        ...{ clock, random },
        isSynced: () => this.synced,
        findConnection: (grant) => {
          if (this.locked) return Promise.reject(new WalletError('vault.locked'))
          return Promise.resolve(grant === GRANT ? this.connection : null)
        },
        call: (_connection, call, signal) => {
          this.made.push({ call, signal })
          return this.answer()
        },
      },
      createRelayOnce(clock, claims),
      (bytes) => {
        const frame = decodeRelayFrame(bytes)
        if (frame) this.heard.push(frame)
        for (const wake of this.#waiting.splice(0)) wake()
      },
    )
  }

  tell(frame: RelayFrame): boolean {
    return this.session.receive(encodeRelayFrame(frame))
  }

  /** Everything up to what ends a stream, or up to a frame of a type. */
  async until(stream: number, type?: RelayFrame['type']): Promise<readonly RelayFrame[]> {
    for (;;) {
      const own = this.heard.filter((frame) => frame.stream === stream)
      if (own.some((frame) => (type ? frame.type === type : /^(?:end|rst)$/.test(frame.type)))) {
        return own
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }

  plain(stream: number, changes: Partial<PlainOpen> = {}, body = '{}'): void {
    this.tell({ type: 'open', stream, open: { grant: GRANT, requestId: newId(), ...CHAT, ...changes } })
    this.tell({ type: 'data', stream, bytes: new TextEncoder().encode(body) })
    this.tell({ type: 'end', stream })
  }

  async seal(changes: { t?: number; seed?: Uint8Array; requestId?: RequestId } = {}) {
    const { t = this.clock.now(), seed = this.appSeed, requestId = newId() } = changes
    const place = { grant: GRANT, requestId, t }
    const call = { head: CHAT, body: new TextEncoder().encode('{"a":1}') }
    const sealed = await sealRelayRequest(this.walletKey, place, call, (text) => sign(seed, text))
    return { ...sealed, open: { ...place, enc: toBase64url(sealed.enc) } }
  }

  sendSealed(stream: number, sealed: SealedRelayRequest & { open: SealedOpen }): void {
    this.tell({ type: 'open', stream, open: sealed.open })
    for (const bytes of sealed.chunks) this.tell({ type: 'data', stream, bytes })
    this.tell({ type: 'end', stream })
  }

  /** How a stream ended, where it was refused. */
  async refusal(stream: number): Promise<string | undefined> {
    const last = (await this.until(stream)).at(-1)
    return last?.type === 'rst' ? last.error.code : undefined
  }
}

export const dataOf = (frames: readonly RelayFrame[]): readonly Uint8Array[] =>
  frames.flatMap((frame) => (frame.type === 'data' ? [frame.bytes] : []))

/** What a worker that ended left behind. */
export function createClaims(): ClaimMemory & { readonly kept: Map<string, KeptClaim> } {
  const kept = new Map<string, KeptClaim>()
  return {
    kept,
    read: () => Promise.resolve([...kept.values()]),
    put: (claim) => Promise.resolve(void kept.set(claim.name, claim)),
    remove(names) {
      for (const name of names) kept.delete(name)
      return Promise.resolve()
    },
  }
}
