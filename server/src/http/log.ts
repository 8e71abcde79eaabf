import type { FastifyServerOptions } from 'fastify'

/**
 * What a line of the log may hold, and nothing else: an allow-list, because a list of what must not be
 * in it forgets the next secret. No address, no header, no body, no id of an account.
 */
export function logOptions(
  level: string,
  stream?: { write(line: string): void },
): Pick<FastifyServerOptions, 'logger'> {
  return {
    logger: {
      level,
      base: null,
      ...(stream && { stream }),
      formatters: { log: (fields) => allowed(fields) },
      serializers: {
        req: ({ method, routeOptions }) => ({ method, route: routeOptions.url ?? 'none' }),
        res: ({ statusCode }) => ({ statusCode }),
        err: ({ name, code }: Error & { code?: string }) => ({ name, code }) as never, // no message: it may quote a value
      },
    },
  }
}

const ALLOWED = [
  'reqId',
  'requestId',
  'req',
  'res',
  'responseTime',
  'failure',
  'err',
  'port',
  'database',
]

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => ALLOWED.includes(name)))
}
