/**
 * A provider and the bench's own pages over TLS on loopback, with nothing between the socket and the
 * reply: a slow provider would hide what ValetKey costs.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { generate } from 'selfsigned'

/** Node's requests and replies of HTTP/1.1 and HTTP/2 share every member used here. */
export type LeanAnswer = (request: IncomingMessage, reply: ServerResponse) => Promise<void>

export interface LeanServer {
  readonly port: number
  close(): Promise<void>
}

/** Room for a whole upload: Node's own window of 64 kB would make every upload wait for round trips. */
const WINDOW_BYTES = 32 * 1024 * 1024

/**
 * @param version of HTTP: 1.1 is the faster reference for one call, 2 lets many run on one connection
 * @param talk takes handshakes of sockets
 */
export async function startLeanServer(
  hosts: readonly string[],
  version: '1.1' | '2',
  answer: LeanAnswer,
  talk?: (request: IncomingMessage, line: Duplex) => void,
): Promise<LeanServer> {
  const pems = await generate([{ name: 'commonName', value: 'ValetKey bench' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) }],
  })
  const identity = { key: pems.private, cert: pems.cert }
  const listener = (request: IncomingMessage, reply: ServerResponse): void => {
    answer(request, reply).catch(() => {
      // The client went away.
      reply.destroy()
    })
  }
  const server = version === '1.1' ? createServer(identity, listener) : http2(identity, listener)
  if (talk) server.on('upgrade', talk)
  const sockets = new Set<Socket>()
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP, so never a pipe name
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function http2(
  identity: { readonly key: string; readonly cert: string },
  listener: (request: IncomingMessage, reply: ServerResponse) => void,
): Http2SecureServer | Server {
  const settings = { initialWindowSize: WINDOW_BYTES }
  const server = createSecureServer({ ...identity, settings }, (request, reply) => {
    listener(request as unknown as IncomingMessage, reply as unknown as ServerResponse)
  })
  server.on('session', (session) => {
    session.setLocalWindowSize(WINDOW_BYTES)
  })
  return server
}
