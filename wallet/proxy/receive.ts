/** The reply of a sent call: scrubbed on its way to the page, metered as it passes, settled at its end. */
import { localFloor, type CallOutcome } from '../metering/index.ts'
import { WalletError, isWalletError, type KeyTest, type OwnPrice } from '../protocol/index.ts'
import type { Endpoint, Provider, UsageReader } from '../providers/index.ts'
import type { CallReply } from './call.ts'
import type { KeyMatcher } from './key-matcher.ts'
import { ERROR_BODY_LIMIT_BYTES, maskErrorBody } from './mask-error-body.ts'
import { streamOf } from './refusal.ts'
import { replyHeaders } from './reply-headers.ts'
import { createScrubber, type Scrubber } from './scrub.ts'
import { withLimit } from './time-limit.ts'

/** A reply that began to arrive, and what its end must be told to. */
export interface SentCall {
  readonly provider: Provider
  readonly endpoint: Endpoint
  /** Of the key that was sent. */
  readonly matcher: KeyMatcher
  readonly model: string | null
  /** Unix ms */
  readonly startedAt: number
  /** Of the reservation; absent: the table's. */
  readonly price?: OwnPrice | undefined
  readonly usageAddedByUs: boolean
  readonly signal: AbortSignal
  /** The provider itself said no: what that means for the key. */
  readonly noteRefused: (meaning: KeyTest['outcome']) => void
  /** Called exactly once, whatever the ending. */
  readonly settle: (outcome: CallOutcome) => Promise<void>
}

/** An error body that stalls is cut: the status is the answer. */
const ERROR_BODY_LIMIT_MS = 30_000

/** Turns a provider's response into the page's. */
export async function receive(response: Response, sent: SentCall): Promise<CallReply> {
  const { matcher } = sent
  const headers = replyHeaders(response.headers, matcher)
  const { status, statusText } = response
  const head = { kind: 'response', status, statusText: clean(statusText), headers } as const
  if (!response.ok) {
    const text = await readErrorBody(response, sent, matcher)
    return { ...head, body: streamOf(text) }
  }
  if (!response.body || isNullBody(status)) {
    await sent.settle({ ...nothingReported, ending: 'done', status, firstByteSeen: true })
    return { ...head, body: null }
  }
  const usage = sent.provider.createUsageReader(sent.endpoint, sent)
  const contentType = response.headers.get('content-type') ?? ''
  const scrubber = createScrubber(contentType, matcher, usage)
  let onSettled = ignore
  const settled = new Promise<void>((resolve) => {
    onSettled = resolve
  })
  const passage = { sent, scrubber, usage, status, contentType, onSettled }
  return { ...head, body: meteredBody(response.body, passage), settled }
}

interface Passage {
  readonly sent: SentCall
  readonly scrubber: Scrubber
  readonly usage: UsageReader
  readonly status: number
  readonly contentType: string
  /** The ledger took a reply that ended. */
  readonly onSettled: () => void
}

/** Pulls from the provider only as the page pulls: backpressure end to end. */
function meteredBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  passage: Passage,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  const { scrubber } = passage
  let cancelled = false
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          for (;;) {
            const { done, value } = await reader.read()
            // A cancelled reader reports an end; the abort is what is settled, not a finished reply.
            if (cancelled) return
            const parts = done ? scrubber.end() : scrubber.push(value)
            for (const part of parts) controller.enqueue(part)
            if (done) {
              // An entry that finds no room breaks no whole reply: its bound stays held as spent.
              const settling = settle('done', passage).catch(ignore)
              // Nobody waits for the disk: what is asked of the ledger next waits for this entry there.
              controller.close()
              await settling
              passage.onSettled()
              return
            }
            if (parts.length > 0) return
          }
        } catch (cause) {
          await fail(controller, cause, passage)
          await reader.cancel().catch(ignore)
        }
      },
      async cancel() {
        cancelled = true
        await reader.cancel().catch(ignore)
        await settle('aborted', passage)
      },
    },
    { highWaterMark: 0 },
  )
}

const nothingReported = { usage: null, usageFinal: false } as const

function settle(ending: CallOutcome['ending'], passage: Passage): Promise<void> {
  const { provider, model, startedAt, price } = passage.sent
  const reported = passage.usage.result()
  // C71: a provider that reports less than what was seen is not believed.
  const outputTextBytes = passage.scrubber.textLength()
  return passage.sent.settle({
    ending,
    status: passage.status,
    usage: reported?.usage ?? null,
    usageFinal: reported?.final ?? false,
    firstByteSeen: true,
    localFloor: localFloor({
      ...{ provider: provider.id, model, at: startedAt },
      ...{ outputTextBytes, price },
    }),
  })
}

/** A stream that breaks midway: the provider's own error event where it has one, then a broken body. */
async function fail(
  controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
  cause: unknown,
  passage: Passage,
): Promise<void> {
  const { sent, contentType } = passage
  const aborted = sent.signal.aborted
  const error = aborted
    ? new WalletError('request.aborted')
    : isWalletError(cause)
      ? cause
      : new WalletError('provider.network', undefined, { cause })
  await settle(aborted ? 'aborted' : 'failed', passage)
  if (!aborted && contentType.startsWith('text/event-stream')) {
    const event = sent.provider.streamError(error)
    if (event !== null) controller.enqueue(new TextEncoder().encode(event))
  }
  controller.error(error)
}

/** Error bodies are buffered, cut at 64 kB, and masked; a refused call costs nothing (protocols §3b). */
async function readErrorBody(
  response: Response,
  sent: SentCall,
  matcher: KeyMatcher,
): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  try {
    const reader = response.body?.getReader()
    while (reader && size < ERROR_BODY_LIMIT_BYTES) {
      const { done, value } = await withLimit(reader.read(), ERROR_BODY_LIMIT_MS)
      if (done) break
      parts.push(value)
      size += value.length
    }
    await reader?.cancel()
  } catch {
    // The status is the answer; a body cut short changes nothing about it.
  }
  await sent.settle({
    ...nothingReported,
    ending: 'refused',
    status: response.status,
    firstByteSeen: size > 0,
  })
  const bytes = new Uint8Array(await new Blob(parts).slice(0, ERROR_BODY_LIMIT_BYTES).arrayBuffer())
  const text = new TextDecoder().decode(matcher.scrub(bytes))
  sent.noteRefused(sent.provider.judgeKeyCheck(response.status, text))
  return maskErrorBody(text)
}

/** A status text is the provider's free text; only what HTTP allows and no key fits in 40 letters. */
function clean(statusText: string): string {
  return /^[A-Za-z '-]{0,40}$/.test(statusText) ? statusText : ''
}

function isNullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}

function ignore(): void {
  // The provider's side is gone already.
}
