import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { generate } from 'selfsigned'

/** One request as it came over the wire, body read to its end. */
export interface FrontRequest {
  readonly method: string
  /** Host without a default port, lower-case, as the client named it. */
  readonly host: string
  /** Path and query, undecoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A reply over HTTP/1.1, or one over HTTP/2 that also has a stream. */
export type FrontReply = ServerResponse & { readonly stream?: ServerHttp2Stream }

export interface TlsFront {
  readonly port: number
  /** The self-signed certificate, for Node clients to trust. */
  readonly certificatePem: string
  close(): Promise<void>
}

/**
 * Starts a TLS server on loopback that speaks HTTP/2 and HTTP/1.1, as the providers do. Browsers reach
 * it under real names by `--host-resolver-rules`.
 * @param upgrade takes WebSocket handshakes
 */
export async function startTlsFront(
  names: readonly string[],
  answer: (request: FrontRequest, reply: FrontReply) => Promise<void>,
  upgrade?: (request: IncomingMessage, line: Duplex) => void,
): Promise<TlsFront> {
  const pems = await generate([{ name: 'commonName', value: 'ValetKey tests' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  })
  const server = createSecureServer(
    { key: pems.private, cert: pems.cert, allowHTTP1: true },
    (request, http2Reply) => {
      // Node's two reply classes share every member used here; its types do not say so.
      const reply = http2Reply as unknown as FrontReply
      readRequest(request)
        .then((read) => answer(read, reply))
        .catch(() => {
          // The client went away, or the answer failed: either way nothing more can be said on it.
          if (!reply.writableEnded) cutReply(reply)
        })
    },
  )
  if (upgrade) server.on('upgrade', upgrade)
  const sockets = trackSockets(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // listening on TCP, so never a pipe name
    certificatePem: pems.cert,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Ends a reply the hard way, as a provider that dies midway does. */
export function cutReply(reply: FrontReply): void {
  if (reply.stream) reply.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else reply.destroy()
}

function trackSockets(server: Http2SecureServer): Set<Socket> {
  const sockets = new Set<Socket>()
  for (const event of ['connection', 'secureConnection']) {
    server.on(event, (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => undefined)
    })
  }
  return sockets
}

async function readRequest(request: Http2ServerRequest): Promise<FrontRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set on it
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !name.startsWith(':')) {
      headers[name] = Array.isArray(value) ? value.join(', ') : value
    }
  }
  const authority = request.headers[':authority'] ?? request.headers.host ?? ''
  return {
    method: request.method,
    host: authority.toLowerCase().replace(/:443$/, ''),
    path: request.url,
    headers,
    body: Buffer.concat(chunks),
  }
}
