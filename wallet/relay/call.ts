/** One call of an app server, from `open` to its end. */
import {
  RELAY_BODY_LIMIT_BYTES,
  RELAY_CALL_LIMIT_MS,
  RELAY_CREDIT_BYTES,
  RELAY_PAYLOAD_BYTES,
  RELAY_REPLY_LIMIT_BYTES,
  RelayCredit,
  RelayReading,
  WalletError,
  isWalletError,
  type GrantId,
  type PlainOpen,
  type RelayFrame,
  type SealedOpen,
} from '../protocol/index.ts'
import { concat, type Bytes } from '../crypto/index.ts'
import type { KeptReply, RelayOnce } from './once.ts'
import type { RelayConnection, RelayPorts, RelayReply, RelayedCall } from './ports.ts'
import { replyPieces } from './reply-pieces.ts'
import { openSealed, type SealedWay } from './sealed-way.ts'

type WithoutStream<F> = F extends unknown ? Omit<F, 'stream'> : never
/** A frame of this call: the session knows its stream. */
export type CallFrame = WithoutStream<RelayFrame>

interface Surroundings {
  readonly ports: RelayPorts
  readonly once: RelayOnce
}

/** How what is said travels: as it is, or sealed. */
interface Way {
  readonly takeChunk: (bytes: Uint8Array) => Promise<Uint8Array>
  readonly read: (body: Bytes) => RelayedCall | Promise<RelayedCall>
  readonly writer: () => Promise<ReplyWriter>
}

interface ReplyWriter {
  readonly start: (status: number, headers: RelayReply['headers']) => Promise<void>
  readonly write: (bytes: Uint8Array) => Promise<void>
  readonly end: () => Promise<void>
}

const BODY_MS = 60_000
/** A sealed chunk and its tag fill a frame. */
const PIECE_BYTES = RELAY_PAYLOAD_BYTES - 16

export class RelayCall {
  readonly #open: PlainOpen | SealedOpen
  readonly #surroundings: Surroundings
  readonly #post: (frame: CallFrame) => void
  readonly #abort = new AbortController()
  readonly #credit = new RelayCredit(RELAY_CREDIT_BYTES)
  readonly #chunks: Uint8Array[] = []
  #bodyBytes = 0
  #isBodyOver = false
  #onChunk: () => void = () => undefined

  constructor(
    open: PlainOpen | SealedOpen,
    surroundings: Surroundings,
    post: (frame: CallFrame) => void,
  ) {
    this.#open = open
    this.#surroundings = surroundings
    this.#post = post
  }

  get grant(): GrantId {
    return this.#open.grant
  }

  receive(frame: RelayFrame): void {
    switch (frame.type) {
      case 'data':
        this.#bodyBytes += frame.bytes.length
        if (this.#isBodyOver || this.#bodyBytes > RELAY_BODY_LIMIT_BYTES + RELAY_PAYLOAD_BYTES) {
          this.abort()
          return
        }
        this.#chunks.push(frame.bytes)
        this.#onChunk()
        return
      case 'end':
        this.#isBodyOver = true
        this.#onChunk()
        return
      case 'window':
        this.#credit.grant(frame.bytes)
        return
      case 'rst':
        this.abort()
        return
      case 'open':
      case 'accept':
    }
  }

  abort(): void {
    this.#abort.abort()
    this.#credit.end()
    this.#onChunk()
  }

  /** @throws the error the call ends with */
  async run(): Promise<void> {
    const limit = setTimeout(() => {
      this.abort()
    }, RELAY_CALL_LIMIT_MS)
    try {
      await this.#run()
    } finally {
      clearTimeout(limit)
      // Whatever still comes for it goes nowhere.
      this.#isBodyOver = true
    }
  }

  async #run(): Promise<void> {
    const { ports, once } = this.#surroundings
    const { grant, requestId, idempotencyKey } = this.#open
    // Nothing was sent to anybody yet: another wallet may take it.
    if (!ports.isSynced()) throw new WalletError('relay.wallet_timeout')
    // C105: claimed before anything is waited for, so that of two at once one is refused.
    once.claim(`request ${grant} ${requestId}`)
    const connection = await this.#findConnection()
    const way = this.#wayOf(connection)
    this.#post({ type: 'accept', head: null })
    const call = await this.#readCall(way)
    const writer = await way.writer()
    const name = idempotencyKey === undefined ? null : `key ${grant} ${idempotencyKey}`
    const kept = name === null ? null : await once.claimKey(name, call)
    const made = kept
      ? { ...kept, body: new Response(kept.body).body }
      : await ports.call(connection, call, this.#abort.signal).catch((error: unknown) => {
          if (name !== null && isUnsent(error)) once.release(name)
          throw error
        })
    const body = await this.#answer(made, writer, name !== null && !kept)
    if (name !== null && body) once.keep(name, { ...made, body })
  }

  async #findConnection(): Promise<RelayConnection> {
    try {
      const connection = await this.#surroundings.ports.findConnection(this.#open.grant)
      // C106: of another app's grant, or none's, the same answer.
      if (!connection) throw new WalletError('grant.missing')
      return connection
    } catch (error) {
      throw isWalletError(error, 'vault.locked') ? new WalletError('relay.wallet_locked') : error
    }
  }

  #wayOf(connection: RelayConnection): Way {
    const open = this.#open
    if ('enc' in open) return this.#sealedWay(openSealed(open, connection, this.#surroundings))
    // The server could read such a call, and could forge it: only where the person allowed that.
    if (connection.sealed !== 'plain') throw new WalletError('relay.sealed_required')
    const { method, path, headers } = open
    return {
      takeChunk: (bytes) => Promise.resolve(bytes),
      read: (body) => ({ method, path, headers, body }),
      writer: () =>
        Promise.resolve({
          start: (status, replyHeaders) => {
            const head = {
              status,
              headers: replyHeaders.map(([...pair]): [string, string] => pair),
            }
            this.#post({ type: 'accept', head })
            return Promise.resolve()
          },
          write: (bytes) => this.#sendBytes(bytes),
          end: () => Promise.resolve(),
        }),
    }
  }

  #sealedWay(sealed: SealedWay): Way {
    return {
      takeChunk: sealed.takeChunk,
      read: sealed.read,
      writer: async () => {
        const reply = await sealed.startReply()
        const { next, end } = this.#inTurn(this.#sendBytes(reply.n))
        return {
          start: (status, headers) => next(reply.head(status, headers)),
          write: (bytes) => next(reply.seal(bytes, false)),
          end: async () => {
            await next(reply.seal(new Uint8Array(), true))
            await end()
          },
        }
      },
    }
  }

  /**
   * Chunks are sealed on another thread: one may begin while the one before is on its way there, and each is sent
   * in its turn.
   */
  #inTurn(first: Promise<void>) {
    let last = first
    return {
      /** Resolves once the one before was sent. */
      next: (sealing: Promise<Bytes>): Promise<void> => {
        const before = last
        last = Promise.all([sealing, before]).then(([bytes]) => this.#sendBytes(bytes))
        // Whoever waits for it hears of it: the next one, or the end.
        last.catch(() => undefined)
        return before
      },
      end: () => last,
    }
  }

  /** The whole body: what is judged is parsed as a whole. */
  async #readCall(way: Way): Promise<RelayedCall> {
    const late = setTimeout(() => {
      this.abort()
    }, BODY_MS)
    const reading = new RelayReading(RELAY_CREDIT_BYTES)
    const parts: Uint8Array[] = []
    try {
      for (;;) {
        const chunk = this.#chunks.shift()
        if (chunk) {
          parts.push(await way.takeChunk(chunk))
          const bytes = reading.add(chunk.length)
          if (bytes > 0) this.#post({ type: 'window', bytes })
        } else if (this.#abort.signal.aborted) throw new WalletError('request.aborted')
        else if (this.#isBodyOver) return await way.read(concat(...parts))
        else {
          await new Promise<void>((resolve) => {
            this.#onChunk = resolve
          })
        }
      }
    } finally {
      clearTimeout(late)
    }
  }

  /** @returns all that was sent, where that is to be kept and is not too much */
  async #answer(
    { status, headers, body }: RelayReply | (KeptReply & { body: RelayReply['body'] }),
    writer: ReplyWriter,
    isKept: boolean,
  ): Promise<Bytes | null> {
    const reader = body?.getReader()
    const stop = (): void => {
      void reader?.cancel(new WalletError('request.aborted')).catch(() => undefined)
    }
    this.#abort.signal.addEventListener('abort', stop, { once: true })
    const sent: Uint8Array[] = []
    let sentBytes = 0
    try {
      await writer.start(status, headers)
      // The provider is read only while the app reads: nothing piles up here.
      const mayRead = async () => (await this.#credit.available()) > 0
      for await (const value of reader ? replyPieces(reader, mayRead) : []) {
        sentBytes += value.length
        if (sentBytes > RELAY_REPLY_LIMIT_BYTES) throw new WalletError('request.too_large')
        if (isKept && sentBytes <= 1024 * 1024) sent.push(value)
        for (let at = 0; at < value.length; at += PIECE_BYTES) {
          await writer.write(value.subarray(at, at + PIECE_BYTES))
        }
      }
      if (this.#abort.signal.aborted) throw new WalletError('request.aborted')
      await writer.end()
      this.#post({ type: 'end' })
    } catch (error) {
      void reader?.cancel(error).catch(() => undefined)
      throw error
    } finally {
      this.#abort.signal.removeEventListener('abort', stop)
    }
    return isKept && sentBytes <= 1024 * 1024 ? concat(...sent) : null
  }

  /** One frame, once there is credit; a sealed chunk is never cut in two. */
  async #sendBytes(bytes: Uint8Array): Promise<void> {
    if ((await this.#credit.available()) === 0) throw new WalletError('request.aborted')
    this.#credit.spend(bytes.length)
    this.#post({ type: 'data', bytes })
  }
}

/** Refused by a limit, of which all are looked at before the provider is asked. */
function isUnsent(error: unknown): boolean {
  return isWalletError(error, 'request.rate_limited') || isWalletError(error, 'budget.exceeded')
}
