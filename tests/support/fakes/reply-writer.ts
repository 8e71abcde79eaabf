import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutReply, type FrontReply } from '../tls-front.ts'
import type { Behaviour } from './behaviour.ts'

/** What was sent of one reply, kept up to date while it is being sent. */
export interface SentReply {
  status: number
  writes: number
  bytes: number
  /** Everything arrived at the client's side of the connection. */
  finished: boolean
  /** The client went away first. */
  aborted: boolean
}

export interface OutgoingReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly writes: readonly Buffer[]
}

const USUAL_GAP_MS = 4

/** Writes a reply as the behaviour wants it paced and cut, and stops when the client goes away. */
export async function writeReply(
  reply: FrontReply,
  { status, headers, writes }: OutgoingReply,
  behaviour: Behaviour,
  sent: SentReply,
): Promise<void> {
  const gone = new AbortController()
  const end = () => {
    if (sent.finished) return
    sent.aborted = true
    gone.abort()
  }
  reply.on('close', end)
  // A client that went away while the reply was made up is heard of no more.
  if (reply.stream?.destroyed ?? reply.destroyed) end()
  if (!(await pause(behaviour.firstByteDelayMs ?? 0, gone.signal))) return
  sent.status = status
  reply.writeHead(status, headers)
  reply.flushHeaders()
  const pieces = behaviour.pieceBytes ? cutToPieces(writes, behaviour.pieceBytes) : writes
  for (const [index, piece] of pieces.entries()) {
    if (behaviour.cutAfterWrites === index) {
      cutReply(reply)
      return
    }
    if (index > 0 && !(await pause(behaviour.gapMs ?? USUAL_GAP_MS, gone.signal))) return
    if (!(await write(reply, piece, gone.signal))) return
    sent.writes += 1
    sent.bytes += piece.length
  }
  sent.finished = true
  reply.end()
}

async function write(reply: FrontReply, piece: Buffer, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted || reply.destroyed) return false
  if (reply.write(piece)) return true
  try {
    await once(reply, 'drain', { signal })
    return true
  } catch {
    return false
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  if (milliseconds <= 0) return !signal.aborted
  try {
    await sleep(milliseconds, undefined, { signal })
    return true
  } catch {
    return false
  }
}

function cutToPieces(writes: readonly Buffer[], pieceBytes: number): readonly Buffer[] {
  const whole = Buffer.concat(writes)
  const count = Math.ceil(whole.length / pieceBytes)
  return Array.from({ length: count }, (_, index) =>
    whole.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  )
}
