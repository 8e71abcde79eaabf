/**
 * Who may come in (C112). The port is open to every process of this computer and, through a browser, to
 * every page: nothing of a request is read before all of this was looked at.
 */
import type { IncomingMessage } from 'node:http'
import { WalletError } from '@valetkey/wallet/protocol'
import { hashToken, type Client } from '../clients.ts'

const TOKEN_HEADERS = ['x-api-key', 'x-goog-api-key', 'api-key']

/**
 * A page cannot leave these out, and no client of an API sends them.
 * @throws `auth.forbidden` for a request a browser made, or one for another host
 */
export function assertLocal({ headersDistinct }: IncomingMessage, port: number): void {
  // DNS rebinding: the page's own name leads here, and stands in `Host`.
  const hosts = headersDistinct['host'] ?? []
  const isOurs = hosts[0] === `127.0.0.1:${port}` || hosts[0] === `localhost:${port}`
  if (hosts.length !== 1 || !isOurs) throw new WalletError('auth.forbidden')
  // A simple POST or a form of any page carries an origin, be it `null`; an image or a link none, but this.
  const isOfPage = headersDistinct['origin'] ?? headersDistinct['sec-fetch-site']
  if (isOfPage !== undefined) throw new WalletError('auth.forbidden')
}

/**
 * The client a token belongs to.
 * @throws `auth.failed` for no token, another one, or two that differ
 */
export async function identifyClient(
  request: IncomingMessage,
  clients: () => Promise<readonly Client[]>,
): Promise<Client> {
  const [token, ...others] = new Set(tokensOf(request))
  if (token === undefined || others.length > 0) throw new WalletError('auth.failed')
  // Compared as hashes: how long it takes tells nothing about a token.
  const hash = hashToken(token)
  const found = (await clients()).find(({ tokenHash }) => tokenHash === hash)
  if (!found) throw new WalletError('auth.failed')
  return found
}

function tokensOf({ headersDistinct }: IncomingMessage): string[] {
  const bearers = (headersDistinct['authorization'] ?? []).map(
    (value) => /^Bearer +(\S+)$/i.exec(value)?.[1] ?? '',
  )
  return [...bearers, ...TOKEN_HEADERS.flatMap((name) => headersDistinct[name] ?? [])]
}

/**
 * JSON, and nothing a page may send without asking first: a form, plain text, or nothing said at all.
 * @throws `request.invalid`
 */
export function assertBodyIsJson({ method, headers }: IncomingMessage): void {
  const isBodyless = headers['content-length'] === undefined && !('transfer-encoding' in headers)
  if (method === 'GET' && isBodyless) return
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  const isJson = type.trim().toLowerCase() === 'application/json'
  if (method !== 'POST' || !isJson || headers['content-encoding'] !== undefined) {
    throw new WalletError('request.invalid', { reason: 'content-type' })
  }
}
