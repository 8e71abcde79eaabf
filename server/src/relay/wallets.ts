/** The wallets whose sockets are at this process: who takes a call, and what goes to whom afterwards. */
import {
  RELAY_ACCEPT_MS,
  RELAY_STREAMS_PER_WALLET,
  WalletError,
  decodeRelayFrame,
  encodeRelayFrame,
  fromWire,
  parseJson,
  toWire,
  type ErrorCode,
  type PlainOpen,
  type SealedOpen,
} from '@valetkey/wallet/protocol'
import type { CallBus } from '../bus/port.ts'
import { isPulse, type Pulses } from './pulses.ts'

/** One socket that takes calls. */
export interface RelayWallet {
  /** @returns false for what no wallet of ours sends */
  readonly receive: (bytes: Uint8Array) => boolean
  readonly close: (wasLocked: boolean) => void
}

export interface Wallets {
  readonly add: (accountId: string, send: (frame: Uint8Array) => void) => RelayWallet
  /** Whether the account's last wallet here went away because it was locked. */
  readonly isLocked: (accountId: string) => boolean
  readonly close: () => void
}

/** What an app's process asks of a wallet's. */
interface Offer {
  readonly callId: string
  readonly open: PlainOpen | SealedOpen
}

/** The two ends of a call on the bus. */
export const appEnd = (callId: string): string => `${callId}.app`
export const walletEnd = (callId: string): string => `${callId}.wallet`

/** Refusals by which a wallet says that it did nothing, and another may. */
const NOT_TAKEN: ReadonlySet<ErrorCode> = new Set(['relay.wallet_timeout', 'relay.wallet_locked'])
const LOCKED_KEPT = 10_000
const MAX_STREAM = 2 ** 32 - 2

interface Stream {
  /** Where its app's end hears. */
  readonly app: string
  /** Called once: taken, or why not. */
  answer: ((refusal: WalletError | null) => void) | null
  isTaken: boolean
  end: () => void
}

export function createWallets(bus: CallBus, pulses: Pulses): Wallets {
  const byAccount = new Map<string, { wallets: Set<Wallet>; stop: () => void }>()
  const locked = new Set<string>()
  const serve = (accountId: string): { wallets: Set<Wallet>; stop: () => void } => {
    const wallets = new Set<Wallet>()
    const stop = bus.serve(accountId, async (text) => {
      const offer = parseJson(text) as unknown as Offer // written by a process of ours
      const refusal = await offerToEach([...wallets].reverse(), offer)
      return JSON.stringify(refusal ? toWire(refusal, '') : {})
    })
    return { wallets, stop }
  }
  return {
    add(accountId, send) {
      locked.delete(accountId)
      const own = byAccount.get(accountId) ?? serve(accountId)
      byAccount.set(accountId, own)
      const wallet = new Wallet(bus, pulses, send)
      own.wallets.add(wallet)
      return {
        receive: (bytes) => wallet.receive(bytes),
        close(wasLocked) {
          own.wallets.delete(wallet)
          wallet.close()
          if (own.wallets.size > 0) return
          own.stop()
          byAccount.delete(accountId)
          if (wasLocked) rememberLocked(locked, accountId)
        },
      }
    },
    isLocked: (accountId) => locked.has(accountId),
    close() {
      for (const { stop } of byAccount.values()) stop()
    },
  }
}

/** The newest socket first. Only who did not take it leads to another: nothing is ever sent twice. */
async function offerToEach(wallets: readonly Wallet[], offer: Offer): Promise<WalletError | null> {
  let refusal: WalletError | null = null
  for (const wallet of wallets) {
    refusal = await wallet.offer(offer)
    if (refusal === null || !NOT_TAKEN.has(refusal.code)) return refusal
  }
  return refusal ?? new WalletError('relay.wallet_offline')
}

function rememberLocked(locked: Set<string>, accountId: string): void {
  const [oldest] = locked
  if (locked.size >= LOCKED_KEPT && oldest !== undefined) locked.delete(oldest)
  locked.add(accountId)
}

/** @returns null: taken */
export function readAnswer(text: string): WalletError | null {
  return text === '{}' ? null : fromWire(parseJson(text))
}

class Wallet {
  readonly #bus: CallBus
  readonly #pulses: Pulses
  readonly #send: (frame: Uint8Array) => void
  readonly #streams = new Map<number, Stream>()
  #next = 2

  constructor(bus: CallBus, pulses: Pulses, send: (frame: Uint8Array) => void) {
    this.#bus = bus
    this.#pulses = pulses
    this.#send = send
  }

  /** @returns null: taken, and the body may come */
  async offer({ callId, open }: Offer): Promise<WalletError | null> {
    if (this.#streams.size >= RELAY_STREAMS_PER_WALLET) {
      return new WalletError('request.rate_limited', { retryAfterMs: 1000 })
    }
    const stream = this.#next
    this.#next = stream >= MAX_STREAM ? 2 : stream + 2
    const end = this.#listen(stream, callId)
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        answer(new WalletError('relay.wallet_timeout'))
        this.#tell(stream, new WalletError('relay.wallet_timeout'))
      }, RELAY_ACCEPT_MS)
      const answer = (refusal: WalletError | null): void => {
        clearTimeout(late)
        if (refusal) this.#drop(stream)
        resolve(refusal)
      }
      this.#streams.set(stream, { app: appEnd(callId), answer, isTaken: false, end })
      this.#send(encodeRelayFrame({ type: 'open', stream, open }))
    })
  }

  receive(bytes: Uint8Array): boolean {
    const frame = decodeRelayFrame(bytes)
    if (!frame || frame.type === 'open') return false
    const stream = this.#streams.get(frame.stream)
    if (!stream) {
      // Taken too late: it gets no body, so it sends nothing to anybody.
      if (frame.type === 'accept') this.#tell(frame.stream, new WalletError('relay.wallet_timeout'))
      return true
    }
    if (!stream.isTaken) {
      if (frame.type === 'rst') stream.answer?.(frame.error)
      else if (frame.type === 'accept' && frame.head === null) {
        stream.isTaken = true
        stream.answer?.(null)
      } else return false
      return true
    }
    // A copy: one that waits would keep all that the socket read with it.
    this.#bus.send(stream.app, Buffer.from(bytes))
    if (frame.type === 'rst' || frame.type === 'end') this.#drop(frame.stream)
    return true
  }

  close(): void {
    for (const [number, stream] of this.#streams) {
      if (stream.isTaken) this.#lost(number, stream.app)
      else stream.answer?.(new WalletError('relay.wallet_timeout'))
    }
    this.#streams.clear()
  }

  /** What the app's end says to a stream, for as long as either lives. */
  #listen(stream: number, callId: string): () => void {
    const watch = this.#pulses.watch(appEnd(callId), () => {
      // The app's process is gone: the provider is to be stopped.
      this.#tell(stream, new WalletError('request.aborted'))
      this.#drop(stream)
    })
    const stop = this.#bus.hear(walletEnd(callId), (bytes) => {
      watch.heard()
      if (isPulse(bytes)) return
      const frame = new Uint8Array(bytes)
      new DataView(frame.buffer).setUint32(4, stream)
      this.#send(frame)
      if (decodeRelayFrame(frame)?.type === 'rst') this.#drop(stream)
    })
    return () => {
      watch.end()
      stop()
    }
  }

  #lost(stream: number, app: string): void {
    const error = new WalletError('relay.wallet_lost')
    this.#bus.send(app, encodeRelayFrame({ type: 'rst', stream, error }))
    this.#streams.get(stream)?.end()
  }

  #tell(stream: number, error: WalletError): void {
    this.#send(encodeRelayFrame({ type: 'rst', stream, error }))
  }

  #drop(stream: number): void {
    this.#streams.get(stream)?.end()
    this.#streams.delete(stream)
  }
}
