import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchAppKeys } from './app-keys.ts'

const NOW = 1_800_000_000_000
const KEY = 'A'.repeat(43)
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** The keys of an app at a site of its own. */
async function keysAt(answer: (origin: string) => RequestListener): Promise<readonly string[]> {
  let listener: RequestListener = () => undefined
  const server = createServer((request, reply) => {
    listener(request, reply)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // TCP, never a pipe
  listener = answer(origin)
  return fetchAppKeys(origin, { fetch, clock: () => NOW })
}

const key = (changes: object = {}) => ({
  ...{ kid: 'one', ed25519: KEY, notAfter: NOW + 1, ...changes },
})
const says =
  (change: (document: Record<string, unknown>) => unknown) =>
  (origin: string): RequestListener =>
  (_request, reply) => {
    reply.end(JSON.stringify(change({ schema: 1, origin, keys: [key()] })))
  }

describe('the keys of an app', () => {
  it('are those its own site names, at the one place', async () => {
    const asked: unknown[] = []
    const keys = await keysAt((origin) => (request, reply) => {
      asked.push(request.url, request.headers.cookie, request.headers.referer)
      says((document) => ({ ...document, contact: 'mail' }))(origin)(request, reply)
    })

    expect(keys).toEqual([KEY])
    expect(asked).toEqual(['/.well-known/valetkey.json', undefined, undefined])
  })

  it('are not those whose time is over', async () => {
    const keys = [key({ notAfter: NOW }), key({ ed25519: `${'B'.repeat(42)}A` })]

    expect(await keysAt(says((document) => ({ ...document, keys })))).toEqual([
      `${'B'.repeat(42)}A`,
    ])
  })

  it.each<[string, (origin: string) => RequestListener]>([
    ['another origin', says((document) => ({ ...document, origin: 'https://other.example' }))],
    ['another form', says(() => [])],
    [
      'a key that is none',
      says((document) => ({ ...document, keys: [key({ ed25519: 'short' })] })),
    ],
    ['more than sixteen', says((document) => ({ ...document, keys: Array(17).fill(key()) }))],
    ['more than 16 KiB', says((document) => ({ ...document, pad: ' '.repeat(16 * 1024) }))],
    ['no JSON', () => (_request, reply) => reply.end('<html>')],
    ['nothing', () => (_request, reply) => reply.writeHead(404).end()],
    [
      'another place (C108)',
      (origin) => (request, reply) => {
        if (request.url !== '/elsewhere') reply.writeHead(302, { location: '/elsewhere' }).end()
        else says((document) => document)(origin)(request, reply)
      },
    ],
  ])('are none where the site says %s', async (_name, answer) => {
    expect(await keysAt(answer)).toEqual([])
  })
})
