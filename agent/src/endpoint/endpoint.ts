/** The local endpoint: OpenAI's and Anthropic's APIs on 127.0.0.1, for clients nobody changed. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { grantState } from '@valetkey/wallet/grants'
import { CALLS_PER_ORIGIN, WalletError, asWalletError, type Clock } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import { refuse } from '@valetkey/wallet/proxy'
import type { Calls } from '../calls.ts'
import type { Client } from '../clients.ts'
import { assertBodyIsJson, assertLocal, identifyClient } from './door.ts'
import { headersOf, readBody, sendAnswer, toCallBody } from './exchange.ts'
import { addressOf, modelOf } from './route.ts'

/** This computer alone: no other address of it is ever listened at. */
const LOOPBACK = '127.0.0.1'
const CONNECTIONS = 256
/** A client that was turned away for its many calls is told to look again after this. */
const RETRY_MS = 1000

export interface EndpointParts {
  readonly calls: Pick<Calls, 'run'>
  readonly clients: () => Promise<readonly Client[]>
  readonly clock: Clock
}

export interface Endpoint {
  readonly port: number
  /** Ends the calls of clients that may call no more. Asked whenever another process changed the wallet. */
  review(): Promise<void>
  /** Ends every call, and comes back once each is in the ledger. */
  close(): Promise<void>
}

interface Running {
  readonly client: Client
  readonly abort: AbortController
}

/** @param port 0: any that is free */
export async function openEndpoint(parts: EndpointParts, port: number): Promise<Endpoint> {
  const running = new Set<Running>()
  const settling = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo
    const serving = serve(request, response, { ...parts, running, port: own })
    settling.add(serving)
    void serving.finally(() => settling.delete(serving))
  })
  server.maxConnections = CONNECTIONS
  await listen(server, port)
  return {
    port: (server.address() as AddressInfo).port,
    async review() {
      const clients = await parts.clients()
      for (const { client, abort } of running) {
        const now = clients.find(({ grant }) => grant.id === client.grant.id)
        if (!now || grantState(now.grant, parts.clock()) !== 'active') abort.abort()
      }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const { abort } of running) abort.abort()
      await Promise.allSettled(settling)
      server.closeAllConnections()
      await closed
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

interface Serving extends EndpointParts {
  readonly running: Set<Running>
  readonly port: number
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  const abort = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) abort.abort()
  })
  // Whatever breaks there, the answer's own way ends the call.
  request.on('error', ignore)
  response.on('error', ignore)
  try {
    assertLocal(request, serving.port)
    const client = await identifyClient(request, serving.clients)
    assertBodyIsJson(request)
    await answer(request, response, { ...serving, client, abort })
  } catch (error) {
    turnAway(request, response, asWalletError(error))
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { client, abort, running, calls }: Serving & Running,
): Promise<void> {
  const ofClient = [...running].filter((one) => one.client.grant.id === client.grant.id)
  // C62: bodies are large, and are read before the grant's own limits are looked at.
  if (ofClient.length >= CALLS_PER_ORIGIN) {
    throw new WalletError('request.rate_limited', { retryAfterMs: RETRY_MS })
  }
  const call = { client, abort }
  running.add(call)
  try {
    const text = await readBody(request)
    const { method = '', url: target = '' } = request
    const url = addressOf({ target, model: modelOf(text), isAnthropic: isAnthropic(request) })
    if (url === null) throw new WalletError('request.unsupported')
    const asked = { method, url, headers: headersOf(request), body: toCallBody(method, text) }
    const reply = await calls.run(asked, client, abort.signal)
    if (reply.kind === 'pass') throw new WalletError('request.unsupported')
    await sendAnswer(response, reply, abort.signal)
    await reply.settled
  } finally {
    running.delete(call)
  }
}

/** A refusal in the form the client reads; nothing of the request stands in it. */
function turnAway(request: IncomingMessage, response: ServerResponse, error: WalletError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const target = request.url ?? ''
  const url = addressOf({ target, model: null, isAnthropic: isAnthropic(request) })
  const shape = providerById(isAnthropic(request) ? 'anthropic' : 'openai')
  const refusal = refuse(url ?? '', error, url === null ? shape : null) ?? refuse('', error, shape)
  // Read and dropped: a connection closed upon a body under way would take the answer with it.
  request.resume()
  if (refusal?.kind !== 'response') {
    response.writeHead(error.status).end()
    return
  }
  void sendAnswer(response, refusal, new AbortController().signal).catch(ignore)
}

/** Its clients say which version of its API they speak, at every path. */
function isAnthropic({ headers }: IncomingMessage): boolean {
  return headers['anthropic-version'] !== undefined
}

function ignore(): void {
  // Nobody is left to be told.
}
