/**
 * The wallet's side of the relay on one socket (protocols §2): streams, their credit and their ends. What a
 * call may do is not decided here; it is made by the port, the way of a page's.
 */
import {
  RELAY_STREAMS_PER_WALLET,
  WalletError,
  asWalletError,
  decodeRelayFrame,
  encodeRelayFrame,
  type GrantId,
  type RelayFrame,
} from '../protocol/index.ts'
import { RelayCall } from './call.ts'
import type { RelayOnce } from './once.ts'
import type { RelayPorts } from './ports.ts'

export class RelaySession {
  readonly #ports: RelayPorts
  readonly #once: RelayOnce
  readonly #send: (frame: Uint8Array<ArrayBuffer>) => void
  readonly #calls = new Map<number, RelayCall>()

  /** @param once kept longer than the socket, or a cut socket would let a call be made twice */
  constructor(ports: RelayPorts, once: RelayOnce, send: (frame: Uint8Array<ArrayBuffer>) => void) {
    this.#ports = ports
    this.#once = once
    this.#send = send
  }

  get openCalls(): number {
    return this.#calls.size
  }

  /** @returns false for what no server of ours sends: the socket is to be closed */
  receive(bytes: Uint8Array): boolean {
    const frame = decodeRelayFrame(bytes)
    if (!frame) return false
    if (frame.type === 'open') return this.#open(frame)
    // Late frames of a call that ended here are no fault of the server's.
    this.#calls.get(frame.stream)?.receive(frame)
    return true
  }

  /** The socket is gone, or the vault was locked: every provider stops at once. */
  close(why: WalletError): void {
    for (const [stream, call] of this.#calls) {
      this.#post({ type: 'rst', stream, error: why })
      call.abort()
    }
    this.#calls.clear()
  }

  /** A grant was taken back or paused: its calls stop, the others go on (C106). */
  endGrant(grant: GrantId, why: WalletError): void {
    for (const [stream, call] of this.#calls) {
      if (call.grant !== grant) continue
      this.#post({ type: 'rst', stream, error: why })
      call.abort()
      this.#calls.delete(stream)
    }
  }

  #open({ stream, open }: Extract<RelayFrame, { type: 'open' }>): boolean {
    if (this.#calls.has(stream)) return false
    if (this.#calls.size >= RELAY_STREAMS_PER_WALLET) {
      // C106: a flood of calls costs a flood of refusals, not of prompts.
      const error = new WalletError('request.rate_limited', { retryAfterMs: 1000 })
      this.#post({ type: 'rst', stream, error })
      return true
    }
    const call = new RelayCall(open, { ports: this.#ports, once: this.#once }, (frame) => {
      if (this.#calls.get(stream) === call) this.#post({ ...frame, stream })
    })
    this.#calls.set(stream, call)
    void call
      .run()
      .catch((error: unknown) => {
        if (this.#calls.get(stream) !== call) return
        this.#post({ type: 'rst', stream, error: asWalletError(error) })
      })
      .finally(() => {
        if (this.#calls.get(stream) === call) this.#calls.delete(stream)
      })
    return true
  }

  #post(frame: RelayFrame): void {
    this.#send(encodeRelayFrame(frame))
  }
}
