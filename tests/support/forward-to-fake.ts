import { request } from 'node:https'
import type { OutgoingRequest } from '@valetkey/wallet/proxy'

/** Sends a wallet's request to a host served on loopback under its real name; the reply streams as it comes. */
export function forwardToFake(
  server: { readonly port: number; readonly certificatePem: string },
  { url, method, headers, body }: OutgoingRequest,
): Promise<Response> {
  if (body !== null && typeof body !== 'string') throw new TypeError('text is all it sends')
  const { hostname, pathname, search } = url
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port: server.port, servername: hostname, agent: false },
        ...{ ca: server.certificatePem, method, path: pathname + search },
        headers: { ...Object.fromEntries(headers), host: hostname },
      },
      (reply) => {
        const given = new Headers()
        for (const [name, value] of Object.entries(reply.headers)) given.set(name, String(value))
        const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
          start(controller) {
            reply.on('data', (bytes: Buffer) => {
              controller.enqueue(new Uint8Array(bytes))
            })
            reply.on('end', () => {
              controller.close()
            })
            reply.on('error', (error) => {
              controller.error(error)
            })
          },
          cancel() {
            reply.removeAllListeners('end')
            call.destroy()
          },
        })
        resolve(new Response(stream, { status: reply.statusCode ?? 0, headers: given }))
      },
    )
    call.on('error', reject)
    call.end(body ?? undefined)
  })
}
