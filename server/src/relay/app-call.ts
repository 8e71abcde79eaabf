/** The app's end of a relayed call: its body goes out as the wallet reads it, the reply as the app does. */
import {
  RELAY_ACCEPT_MS,
  RELAY_CALL_LIMIT_MS,
  RELAY_CREDIT_BYTES,
  RELAY_PAYLOAD_BYTES,
  RelayCredit,
  RelayReading,
  WalletError,
  decodeRelayFrame,
  encodeRelayFrame,
  toBase64url,
  type PlainOpen,
  type Random,
  type RelayFrame,
  type RelayReplyHead,
  type SealedOpen,
} from '@valetkey/wallet/protocol'
import type { CallBus } from '../bus/port.ts'
import { isPulse, type Pulses } from './pulses.ts'
import { appEnd, readAnswer, walletEnd } from './wallets.ts'

export interface CallRequest {
  readonly open: PlainOpen | SealedOpen
  /** Each at most one frame. */
  readonly body: readonly Uint8Array[]
  readonly onReply: ReplyListener
}

/** Told in order: the head of a plain reply, its bytes, and one end. */
export interface ReplyListener {
  readonly head: (head: RelayReplyHead) => void
  /** The bytes count as read when {@link AppCall.read} says so. */
  readonly data: (bytes: Uint8Array) => void
  /** `error` null: whole. */
  readonly end: (error: WalletError | null) => void
}

export interface AppCall {
  readonly read: (bytes: number) => void
  /** The app went away. Does nothing to a call that is over. */
  readonly abort: () => void
}

interface Surroundings {
  readonly bus: CallBus
  readonly pulses: Pulses
  readonly random: Random
  readonly isLocked: (accountId: string) => boolean
}

/** The number every call has between processes: the wallet's own puts its socket's there. */
const STREAM = 2
/** Several wallets may be asked one after another. */
const ASK_MS = 4 * RELAY_ACCEPT_MS

export async function openAppCall(
  { bus, pulses, random, isLocked }: Surroundings,
  accountId: string,
  { open, body, onReply }: CallRequest,
): Promise<AppCall> {
  const callId = toBase64url(random(16))
  const credit = new RelayCredit(RELAY_CREDIT_BYTES)
  const reading = new RelayReading(RELAY_CREDIT_BYTES)
  let mayCome = RELAY_CREDIT_BYTES + RELAY_PAYLOAD_BYTES
  let isOver = false
  const wallet = walletEnd(callId)
  const send = sender(bus, wallet)
  const close = (): void => {
    isOver = true
    clearTimeout(limit)
    credit.end()
    watch.end()
    stop()
  }
  const finish = (error: WalletError | null): void => {
    if (isOver) return
    close()
    onReply.end(error)
  }
  const fail = (error: WalletError): void => {
    if (isOver) return
    send({ type: 'rst', stream: STREAM, error: new WalletError('request.aborted') })
    finish(error)
  }
  const lost = (): void => {
    fail(new WalletError('relay.wallet_lost'))
  }
  const limit = setTimeout(lost, RELAY_CALL_LIMIT_MS + RELAY_ACCEPT_MS)
  const watch = pulses.watch(wallet, lost)
  const stop = bus.hear(appEnd(callId), (bytes) => {
    watch.heard()
    if (isOver || isPulse(bytes)) return
    const frame = decodeRelayFrame(bytes)
    if (frame?.type === 'window') credit.grant(frame.bytes)
    else if (frame?.type === 'accept' && frame.head) onReply.head(frame.head)
    else if (frame?.type === 'rst') finish(frame.error)
    else if (frame?.type === 'end') finish(null)
    else if (frame?.type === 'data') {
      mayCome -= frame.bytes.length
      // A wallet that sends more than it may would fill this process for an app that reads slowly.
      if (mayCome < 0) lost()
      else onReply.data(frame.bytes)
    } else lost()
  })
  const answer = await bus.ask(accountId, JSON.stringify({ callId, open }), ASK_MS)
  const refusal = answer === null ? absent(isLocked(accountId)) : readAnswer(answer)
  if (refusal) {
    close()
    throw refusal
  }
  void sendBody(body, credit, send)
  return {
    read(read) {
      const bytes = isOver ? 0 : reading.add(read)
      mayCome += bytes
      if (bytes > 0) send({ type: 'window', stream: STREAM, bytes })
    },
    abort() {
      if (isOver) return
      send({ type: 'rst', stream: STREAM, error: new WalletError('request.aborted') })
      close()
    },
  }
}

function sender(bus: CallBus, end: string): (frame: RelayFrame) => void {
  return (frame) => {
    bus.send(end, encodeRelayFrame(frame))
  }
}

function absent(isLocked: boolean): WalletError {
  return new WalletError(isLocked ? 'relay.wallet_locked' : 'relay.wallet_offline')
}

async function sendBody(
  body: readonly Uint8Array[],
  credit: RelayCredit,
  send: (frame: RelayFrame) => void,
): Promise<void> {
  for (const bytes of body) {
    if ((await credit.available()) === 0) return
    credit.spend(bytes.length)
    send({ type: 'data', stream: STREAM, bytes })
  }
  send({ type: 'end', stream: STREAM })
}
