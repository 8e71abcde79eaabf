/** The calls of one way of a page: started, fed with credit, aborted, and answered in messages. */
import * as z from 'zod/mini'
import {
  CREDIT_BYTES,
  GAP_LIMIT_MS,
  WalletError,
  asWalletError,
  toWire,
  type BackgroundMessage,
  type CallStart,
} from '@valetkey/wallet/protocol'
import {
  refuse,
  withLimit,
  type CallReply,
  type Caller,
  type Credential,
  type PageCall,
} from '@valetkey/wallet/proxy'
import type { CallSlots } from './call-slots.ts'
import { createParcels, type Outlet } from './parcels.ts'

/** What the calls of pages need of the wallet, and of their port. */
export interface CallSurroundings {
  readonly runCall: (call: PageCall, caller: Caller, signal: AbortSignal) => Promise<CallReply>
  readonly slots: CallSlots
}

interface OpenCall {
  readonly abort: AbortController
  credit: number
  /** Wakes the pump when credit came. */
  onCredit: () => void
}

export class PageCalls {
  readonly #caller: Caller
  readonly #surroundings: CallSurroundings
  readonly #outlet: Outlet
  readonly #open = new Map<string, OpenCall>()

  constructor(caller: Caller, surroundings: CallSurroundings, outlet: Outlet) {
    this.#caller = caller
    this.#surroundings = surroundings
    this.#outlet = outlet
  }

  async start(message: CallStart): Promise<void> {
    const { callId } = message
    let release
    try {
      release = this.#surroundings.slots.take(callId)
    } catch (error) {
      this.fail(message, error)
      return
    }
    try {
      await this.#run(message)
    } finally {
      release()
      this.#open.delete(callId)
    }
  }

  credit(callId: string, bytes: number): void {
    const call = this.#open.get(callId)
    if (!call) return
    call.credit += bytes
    call.onCredit()
  }

  abort(callId: string): void {
    this.#open.get(callId)?.abort.abort()
  }

  /** The page is gone, or the vault was locked: every provider stops at once. */
  abortAll(): void {
    for (const call of this.#open.values()) call.abort.abort()
  }

  async #run(message: CallStart): Promise<void> {
    const { callId, method, url, headers, body } = message
    const call: OpenCall = { abort: new AbortController(), credit: CREDIT_BYTES, onCredit: ignore }
    this.#open.set(callId, call)
    try {
      const reply = await this.#surroundings.runCall(
        { method, url, headers, body, credential: credentialOf(message) },
        this.#caller,
        call.abort.signal,
      )
      if (reply.kind === 'pass') {
        this.#post({ type: 'call.pass', callId })
        return
      }
      const { status, statusText, headers: replyHeaders } = reply
      this.#post({ type: 'call.head', callId, status, statusText, headers: replyHeaders, url })
      // A call that finds the vault due to be locked ends every call with that, and is still told why.
      const told = reply.isRefusal ? { ...call, abort: new AbortController() } : call
      if (reply.body) await this.#pump(callId, reply.body, told)
      this.#post({ type: 'call.end', callId })
      if (reply.settled) this.#surroundings.slots.holdWhile(reply.settled)
    } catch (error) {
      this.#postError(callId, error)
    }
  }

  /** Reads the provider only while the page granted credit, so that a slow page slows the provider. */
  async #pump(
    callId: string,
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    call: OpenCall,
  ): Promise<void> {
    const reader = body.getReader()
    const { signal } = call.abort
    const parcels = createParcels(this.#outlet, (bytes) => {
      this.#post({ type: 'call.chunk', callId, bytes })
    })
    const stop = (): void => {
      call.onCredit()
      void reader.cancel(new WalletError('request.aborted')).catch(ignore)
    }
    signal.addEventListener('abort', stop, { once: true })
    try {
      for (;;) {
        assertGoing(signal)
        if (call.credit <= 0) parcels.flush()
        // C63: a provider that sends nothing, or a page that reads nothing, is given up.
        await withLimit(this.#waitForCredit(call), GAP_LIMIT_MS)
        const { done, value } = await withLimit(reader.read(), GAP_LIMIT_MS)
        if (done) break
        call.credit -= value.length
        parcels.add(value)
      }
      parcels.flush()
    } catch (error) {
      // What came before a broken line is the page's, as with the browser's own `fetch`.
      parcels.flush()
      void reader.cancel(error).catch(ignore)
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
    // A cancelled reader reports the end of the stream: the page must not take it for one.
    assertGoing(signal)
  }

  async #waitForCredit(call: OpenCall): Promise<void> {
    while (call.credit <= 0 && !call.abort.signal.aborted) {
      await new Promise<void>((resolve) => {
        call.onCredit = resolve
      })
    }
  }

  /** Ends a call that never began, in the provider's own error shape where there is one (formats §8). */
  fail({ callId, url }: Pick<CallStart, 'callId' | 'url'>, error: unknown): void {
    const known = asWalletError(error)
    const refusal = refuse(url, known)
    if (refusal?.kind !== 'response' || !refusal.body) {
      this.#postError(callId, known)
      return
    }
    const { status, statusText, headers, body } = refusal
    this.#post({ type: 'call.head', callId, status, statusText, headers, url })
    const call: OpenCall = { abort: new AbortController(), credit: CREDIT_BYTES, onCredit: ignore }
    void this.#pump(callId, body, call).then(() => {
      this.#post({ type: 'call.end', callId })
    })
  }

  /** Refuses a `call.start` its schema did not take. False when it is none, or names no call. */
  refuse(raw: unknown): boolean {
    const named = namedCallSchema.safeParse(raw)
    if (!named.success) return false
    const { callId, url } = named.data
    this.fail(
      { callId, url: typeof url === 'string' ? url : '' },
      new WalletError('request.invalid', { reason: 'message' }),
    )
    return true
  }

  #post(message: BackgroundMessage): void {
    this.#outlet.post(message)
  }

  #postError(callId: string, error: unknown): void {
    this.#post({ type: 'call.error', callId, ...toWire(error, callId) })
  }
}

/** What is left of a `call.start` that can be answered by name. */
const namedCallSchema = z.object({
  type: z.literal('call.start'),
  callId: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)),
  url: z.unknown(),
})

/** One that names neither is nobody's, as one with an unknown valet key is. */
function credentialOf({ valetKey, grantRef }: CallStart): Credential {
  return grantRef === undefined ? { valetKey: valetKey ?? '' } : { grantRef }
}

function assertGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new WalletError('request.aborted')
}

function ignore(): void {
  // Nothing waits, or nothing is left to report to.
}
