import { request } from 'node:https'

export interface ClientReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The network reads, as they came. */
  readonly reads: readonly string[]
  /** The connection ended before the reply did. */
  readonly cut: boolean
}

export interface ClientRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Hangs up after that many reads. */
  readonly hangUpAfterReads?: number
}

/** Calls a host served on loopback under its real name, over HTTP/1.1, trusting only its certificate. */
export function callFake(
  server: { readonly port: number; readonly certificatePem: string },
  url: string,
  options: ClientRequest = {},
): Promise<ClientReply> {
  const { hostname, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: server.port,
        servername: hostname,
        ca: server.certificatePem,
        path: pathname + search,
        method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
        headers: { host: hostname, ...options.headers },
        agent: false,
      },
      (reply) => {
        const reads: string[] = []
        const finish = (cut: boolean) => {
          const { statusCode = 0, headers } = reply
          resolve({ status: statusCode, headers, text: reads.join(''), reads, cut })
        }
        reply.on('data', (bytes: Buffer) => {
          reads.push(bytes.toString('utf8'))
          if (reads.length === options.hangUpAfterReads) call.destroy()
        })
        reply.on('end', () => {
          finish(false)
        })
        reply.on('error', () => {
          finish(true)
        })
      },
    )
    call.on('error', reject)
    call.end(options.body)
  })
}
