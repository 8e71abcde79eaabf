import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

export interface ConnectProxy {
  readonly port: number
  close(): Promise<void>
}

/**
 * An HTTP proxy on loopback that leads hosts where a map says, for a browser without host rules of its
 * own. A host that is not in it is refused: nothing leaves this machine.
 * @param hostMap host, or host:port, → ip:port
 */
export async function startConnectProxy(
  hostMap: Readonly<Record<string, string>>,
): Promise<ConnectProxy> {
  const server = createServer((_request, reply) => {
    reply.writeHead(502).end()
  })
  const sockets = new Set<{ destroy(): void }>()
  server.on('connect', ({ url = '' }, socket, head) => {
    const target = hostMap[url] ?? hostMap[url.slice(0, url.lastIndexOf(':'))]
    if (target === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const [host = '', port = ''] = target.split(':')
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return closeServer(server)
    },
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
