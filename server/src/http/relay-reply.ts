/** The reply of a relayed call, written as it comes and no faster than the app reads it. */
import type { WalletError } from '@valetkey/wallet/protocol'
import { ERROR_TABLE, isWalletError, toWire, type RelayReplyHead } from '@valetkey/wallet/protocol'
import type { FastifyReply } from 'fastify'
import type { AppCall, ReplyListener } from '../relay/app-call.ts'
import { oneWriteATurn } from './one-write.ts'

const SEALED_TYPE = 'application/vnd.valetkey.sealed'
/** A reader that takes nothing for so long holds a wallet's provider open: it is given up. */
const STALL_MS = 30_000
/** What a wallet may set here. Anything else would speak for this server: cookies, redirects, policies. */
const REPLY_HEADERS =
  /^(?:content-type|retry-after|request-id|x-request-id|x-should-retry|x-valetkey-error|(?:x-|anthropic-)?ratelimit-[a-z-]+|openai-(?:model|processing-ms|version))$/
const ALWAYS = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
] as const
/** What stock clients may try again: nothing was sent. */
const SAFE = new Set(['relay.wallet_offline', 'relay.wallet_timeout', 'request.rate_limited'])

export interface RelayAnswer {
  readonly listener: ReplyListener
  /** From now on what is read is granted anew, and an app that goes away ends the call. */
  readonly start: (call: AppCall) => void
  readonly done: Promise<void>
  /** For the log: 499 until it ended, and where the app went away; bytes as they came from the wallet. */
  readonly seen: { readonly status: number; readonly bytes: number }
}

export function relayReply(reply: FastifyReply, requestId: string, isSealed: boolean): RelayAnswer {
  const { raw } = reply
  const gather = raw.socket ? oneWriteATurn(raw.socket) : () => undefined
  let call: AppCall | null = null
  let unread = 0
  const seen = { head: 200, status: ERROR_TABLE['request.aborted'].status, bytes: 0 }
  let stalled: ReturnType<typeof setTimeout> | undefined
  const ended = Promise.withResolvers<undefined>()
  const grant = (): void => {
    clearTimeout(stalled)
    stalled = undefined
    if (!call) return
    const bytes = unread
    unread = 0
    call.read(bytes)
  }
  const begin = ({ status: replied, headers }: RelayReplyHead): void => {
    if (raw.headersSent) return
    seen.head = replied
    reply.hijack()
    const own = headers.filter(([name]) => REPLY_HEADERS.test(name.toLowerCase()))
    gather()
    for (const [name, value] of [...own, ...ALWAYS]) raw.setHeader(name, value)
    raw.writeHead(replied)
    raw.flushHeaders()
  }
  raw.on('drain', grant)
  raw.on('close', () => {
    clearTimeout(stalled)
    call?.abort()
    ended.resolve(undefined)
  })
  return {
    done: ended.promise,
    seen,
    start(opened) {
      call = opened
      if (raw.destroyed) opened.abort()
      grant()
    },
    listener: {
      head: begin,
      data(bytes) {
        // Sealed: who reads the status is the app, inside.
        if (!raw.headersSent) begin({ status: 200, headers: [['content-type', SEALED_TYPE]] })
        unread += bytes.length
        seen.bytes += bytes.length
        gather()
        const isTaken = isSealed ? raw.write(framed(bytes)) : raw.write(bytes)
        if (isTaken) grant()
        else {
          stalled ??= setTimeout(() => {
            raw.destroy()
          }, STALL_MS)
        }
      },
      end(error) {
        seen.status = error ? ERROR_TABLE[error.code].status : seen.head
        if (error && !raw.headersSent) {
          refuse(reply, error, requestId)
          ended.resolve(undefined)
        } else if (error) breakOff(reply, error, requestId)
        else raw.end()
      },
    },
  }
}

/** `lp(chunk)`: which chunk is the last stands inside. */
function framed(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function refuse(reply: FastifyReply, error: WalletError, requestId: string): void {
  void reply.status(ERROR_TABLE[error.code].status).header('x-valetkey-error', error.code)
  // Stock clients try 408, 409, 429 and 5xx again by themselves, and that could spend twice.
  if (!SAFE.has(error.code)) void reply.header('x-should-retry', 'false')
  const wait = isWalletError(error, 'request.rate_limited') && error.details?.retryAfterMs
  if (typeof wait === 'number') void reply.header('retry-after', Math.ceil(wait / 1000))
  void reply.send({ success: false, error: toWire(error, requestId) })
}

/** In a stream of events the error is one, without the `[DONE]` that would say that all came. */
function breakOff({ raw }: FastifyReply, error: WalletError, requestId: string): void {
  const isEvents = String(raw.getHeader('content-type')).startsWith('text/event-stream')
  if (!isEvents || error.code !== 'relay.wallet_lost') raw.destroy()
  else raw.end(`data: ${JSON.stringify({ error: toWire(error, requestId) })}\n\n`)
}
