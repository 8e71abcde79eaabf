/** A socket that is open: each frame judged or scrubbed on its way, the bill kept, settled at its end. */
import { costOf, type CallSlot } from '../metering/index.ts'
import {
  CALL_LIMIT_MS,
  ERROR_TABLE,
  GAP_LIMIT_MS,
  SOCKET_FRAME_LIMIT_BYTES,
  WalletError,
  asWalletError,
  formatUsd,
  limitName,
  isWalletError,
  parseStrictJsonObject,
  parseUsd,
  type Reservation,
} from '../protocol/index.ts'
import { judgeFrame, type AdmittedSocket } from './admit-socket.ts'
import type { Caller, OpenedKey } from './call.ts'
import { KeyMatcher } from './key-matcher.ts'
import { maskErrorBody } from './mask-error-body.ts'
import type {
  SocketData,
  SocketEnd,
  SocketHandle,
  SocketListener,
  SocketPorts,
} from './socket-ports.ts'

interface LiveParts {
  readonly caller: Caller
  readonly admitted: AdmittedSocket
  readonly key: OpenedKey
  readonly reservation: Reservation
  readonly slot: CallSlot
  readonly ports: SocketPorts
  readonly listener: SocketListener
  readonly signal: AbortSignal
}

/** What the page is told when the wallet ends a socket: 4000 + the status of the code (4403, 4423 …). */
const WALLET_CODES = 4000
const NORMAL = 1000
const NOTHING_NEW = { models: [], needs: [] }

export class LiveSocket implements SocketHandle {
  readonly #parts: LiveParts
  readonly #matcher: KeyMatcher
  #provider: SocketHandle | null = null
  #ended = false
  #opened = false
  #gap: ReturnType<typeof setTimeout> | undefined
  #whole: ReturnType<typeof setTimeout> | undefined
  /** The budget check that runs; frames do not wait for it. */
  #checking = false

  constructor(parts: LiveParts) {
    this.#parts = parts
    this.#matcher = new KeyMatcher(parts.key.secret)
  }

  /** Begins the handshake. */
  dial(): this {
    const { admitted, key, ports, signal } = this.#parts
    const { url, protocols, endpoint, provider } = admitted
    const { header, prefix } = endpoint.auth ?? provider.auth
    const credential = { header, value: prefix + key.secret }
    this.#provider = ports.dial(
      { url, protocols, credential },
      {
        onOpen: (head) => {
          this.#onOpen(head)
        },
        onFrame: (data) => {
          this.#onFrame(data)
        },
        onSent: (bytes) => {
          if (!this.#ended) this.#parts.listener.onSent(bytes)
        },
        onClose: (end) => {
          const reason = this.#scrubText(maskErrorBody(end.reason))
          this.#end({ ...end, reason }, this.#opened ? 'done' : 'failed')
        },
      },
    )
    const stop = (): void => {
      this.#stop(isWalletError(signal.reason) ? signal.reason : new WalletError('request.aborted'))
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    this.#whole = setTimeout(() => {
      this.#stop(new WalletError('provider.unavailable'))
    }, CALL_LIMIT_MS)
    this.#rest()
    return this
  }

  /** A frame of the page: judged first (C40–C43), and sent as it was judged. */
  send(data: SocketData): void {
    if (this.#ended) return
    this.#rest()
    const { admitted, key, ports } = this.#parts
    const { endpoint } = admitted
    try {
      if (typeof data !== 'string' && endpoint.sendsSound === true) {
        // C75: a grant may have ended since the frame before.
        judgeFrame(admitted, NOTHING_NEW, { keyId: key.keyId, now: ports.clock() })
        this.#provider?.send(data)
        return
      }
      const frame = parseStrictJsonObject(typeof data === 'string' ? data : textOf(data))
      judgeFrame(admitted, admitted.session.fromPage(frame), {
        keyId: key.keyId,
        now: ports.clock(),
      })
      const text = JSON.stringify(frame)
      this.#provider?.send(typeof data === 'string' ? text : new TextEncoder().encode(text))
    } catch (error) {
      this.#stop(asWalletError(error))
    }
  }

  close(code: number | undefined, reason: string): void {
    if (!this.#ended) this.#provider?.close(code, reason)
  }

  #onOpen(head: { readonly protocol: string; readonly extensions: string }): void {
    if (this.#ended) return
    this.#opened = true
    this.#rest()
    this.#parts.listener.onOpen({ ...head, protocol: this.#scrubText(head.protocol) })
  }

  #onFrame(data: SocketData): void {
    if (this.#ended) return
    this.#rest()
    if (data.length > SOCKET_FRAME_LIMIT_BYTES) {
      this.#stop(new WalletError('provider.unavailable'))
      return
    }
    const { session } = this.#parts.admitted
    const text = typeof data === 'string' ? data : textOf(data)
    session.fromProvider(text)
    this.#checkBudget()
    this.#parts.listener.onFrame(
      typeof data === 'string' ? this.#scrubText(withoutMasks(data)) : this.#matcher.scrub(data),
    )
  }

  /** C35: the key whole and in any form is never in what a page gets. */
  #scrubText(text: string): string {
    if (!this.#matcher.isIn(text)) return text
    return textOf(this.#matcher.scrub(new TextEncoder().encode(text)))
  }

  /** Nothing bounded the socket beforehand, so what it spends is held against the budget as it comes. */
  #checkBudget(): void {
    if (this.#checking || this.#spentNanoUsd() <= this.#parts.reservation.boundNanoUsd) return
    this.#checking = true
    void this.#assertRoom()
      .catch((error: unknown) => {
        this.#stop(asWalletError(error))
      })
      .finally(() => {
        this.#checking = false
      })
  }

  async #assertRoom(): Promise<void> {
    const { admitted, reservation, ports } = this.#parts
    const { budgets } = admitted.grant.terms
    const { id } = admitted.grant
    const [used, part] = await Promise.all([
      ports.ledger.used(id, budgets),
      ports.ledger.partOf(id),
    ])
    const spent = this.#spentNanoUsd()
    for (const [index, { usd, window }] of budgets.entries()) {
      const others = Math.max(0, (used[index] ?? 0) - reservation.boundNanoUsd)
      const whole = parseUsd(usd)
      // C67: what other devices may spend of it is not this socket's.
      const own = Math.min(whole, part(limitName('usd', window), whole))
      if (others + spent <= own) continue
      throw new WalletError('budget.exceeded', {
        ...{ window, limitUsd: own < whole ? formatUsd(own) : usd },
        ...{ usedUsd: formatUsd(others), neededUsd: formatUsd(spent) },
        ...(own < whole && { wholeUsd: usd }),
      })
    }
  }

  #spentNanoUsd(): number {
    const { admitted, reservation } = this.#parts
    const { usage } = admitted.session.spent()
    if (!usage) return 0
    const { provider, startedAt } = reservation
    return costOf({ provider, model: admitted.session.model, at: startedAt }, usage)
  }

  /** Ends it from our side: the page learns why, the provider only that it is over. */
  #stop(error: WalletError): void {
    if (this.#ended) return
    this.#provider?.close(NORMAL, '')
    const { ports, caller } = this.#parts
    if (error.code === 'budget.exceeded') ports.noteRefusal(caller, error.code, error.details)
    const code = WALLET_CODES + ERROR_TABLE[error.code].status
    const ending = error.code === 'request.aborted' ? 'aborted' : 'failed'
    this.#end({ code, reason: error.code, wasClean: true }, ending)
  }

  #end(end: SocketEnd, ending: 'done' | 'aborted' | 'failed'): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#gap)
    clearTimeout(this.#whole)
    this.#parts.slot.release()
    void this.#settle(ending)
    this.#parts.listener.onClose(end)
  }

  async #settle(ending: 'done' | 'aborted' | 'failed'): Promise<void> {
    const { admitted, reservation, ports } = this.#parts
    const { usage, open } = admitted.session.spent()
    const nothingDue = !this.#opened || (!open && !usage)
    // An entry that finds no room stays held as spent: nothing is lost but the detail.
    await ports.ledger
      .settle(
        { ...reservation, model: admitted.session.model },
        {
          ...{ ending, status: this.#opened ? 101 : 0, usage, usageFinal: !open && usage !== null },
          ...{ firstByteSeen: this.#opened, nothingDue },
          ...(open && usage ? { localFloor: this.#spentNanoUsd() + reservation.boundNanoUsd } : {}),
        },
      )
      .catch(ignore)
  }

  /** C63: nobody says anything for too long. */
  #rest(): void {
    clearTimeout(this.#gap)
    if (this.#ended) return
    this.#gap = setTimeout(() => {
      this.#stop(new WalletError('provider.unavailable'))
    }, GAP_LIMIT_MS)
  }
}

/** An error frame quotes the start and the end of a key, as error bodies do (C35). */
function withoutMasks(text: string): string {
  return /"type"\s*:\s*"error"/.test(text.slice(0, 1024)) ? maskErrorBody(text) : text
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function ignore(): void {
  // Its bound stays held.
}
