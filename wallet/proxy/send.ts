/** The last steps of a call: forward, receive, settle. */
import type { CallOutcome, CallSlot } from '../metering/index.ts'
import type { KeyTest, Reservation } from '../protocol/index.ts'
import type { AdmittedCall } from './admit.ts'
import type { CallReply, Caller, OpenedKey } from './call.ts'
import { isOffline, type OutgoingRequest } from './forward.ts'
import { KeyMatcher } from './key-matcher.ts'
import type { ProxyPorts } from './ports.ts'
import { receive } from './receive.ts'

/** A call whose bound is held and whose request is built. */
export interface ReservedCall {
  readonly admitted: AdmittedCall
  readonly caller: Caller
  readonly request: OutgoingRequest
  readonly key: OpenedKey
  readonly usageAddedByUs: boolean
  readonly reservation: Reservation
  readonly slot: CallSlot
  readonly signal: AbortSignal
  readonly ports: ProxyPorts
}

/** A reply, and what it says about the key that was sent. */
export interface SentReply {
  readonly reply: CallReply
  readonly status: number
  /** What the provider's refusal means for the key; null: it refused nothing. */
  readonly meaning: KeyTest['outcome'] | null
}

/**
 * Sends it, and hands its reply over; the reservation is settled whatever happens. A call the provider
 * refused keeps its slot: it may be made again with another key, and whoever decides that lets it go.
 */
export async function send(reserved: ReservedCall): Promise<SentReply> {
  const { admitted, caller, request, key, reservation, slot, signal, ports } = reserved
  const settle = once(async (outcome: CallOutcome) => {
    if (outcome.ending !== 'refused') slot.release()
    await ports.ledger.settle(reservation, outcome)
  })
  const wasOffline = isOffline()
  let response: Response
  let matcher: KeyMatcher
  try {
    const responding = ports.forward(request, signal)
    // What needs no answer is done while the provider thinks, not before it is asked.
    ports.noteCall(caller, admitted.provider.id)
    matcher = new KeyMatcher(key.secret)
    response = await responding
  } catch (error) {
    // Whether it left this machine cannot be known, unless there was no network to begin with.
    const ending = wasOffline ? 'denied' : signal.aborted ? 'aborted' : 'failed'
    await settle({ ending, status: 0, usage: null, usageFinal: false, firstByteSeen: false })
    throw error
  }
  const date = response.headers.get('date')
  if (date !== null) void ports.ledger.noteProviderDate(date)
  const { provider, endpoint } = admitted
  const { usageAddedByUs } = reserved
  const { model, startedAt, price } = reservation
  let meaning: KeyTest['outcome'] | null = null
  const reply = await receive(response, {
    ...{ model, startedAt, price },
    provider,
    endpoint,
    matcher,
    usageAddedByUs,
    signal,
    settle,
    noteRefused(judged) {
      meaning = judged
    },
  })
  return { reply, status: response.status, meaning }
}

/** Settles once: an abort and the end of a stream may come at the same time. */
function once(settle: (outcome: CallOutcome) => Promise<void>): (o: CallOutcome) => Promise<void> {
  let settled = false
  return async (outcome) => {
    if (settled) return
    settled = true
    await settle(outcome)
  }
}
