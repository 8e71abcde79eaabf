import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createKeySeed, exchangePublicKey, signingPublicKey } from '@valetkey/wallet/crypto'
import { defaultTerms } from '@valetkey/wallet/grants'
import { createLedger, createRateLimits } from '@valetkey/wallet/metering'
import {
  RELAY_CAPABILITY,
  WalletError,
  isRelayFrame,
  toBase64url,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderKey,
} from '@valetkey/wallet/protocol'
import { runRelayedCall, type ProxyPorts } from '@valetkey/wallet/proxy'
import { RelaySession, createRelayOnce } from '@valetkey/wallet/relay'
import { createServerToken, parseServerToken } from '@valetkey/wallet/sync'
import { createMemoryLedgerStore } from '@valetkey/wallet/testing'
import { createTestKey } from '../../support/test-keys.ts'
import { connectLive, sayHello, type TestDevice, type TestServer } from '@valetkey/server/testing'

const clock = () => Date.now()
const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
const newGrantId = (): GrantId => toBase64url(random(16)) as GrantId

/** A provider that counts what reaches it, and answers as it is told. */
export async function openProvider() {
  const calls: string[] = []
  let answer: (reply: ServerResponse, request: IncomingMessage) => void = (reply) => {
    reply.end()
  }
  const http = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      calls.push(Buffer.concat(parts).toString())
      answer(reply, request)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    calls,
    origin: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    answers: (how: typeof answer) => {
      answer = how
    },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

export const PROVIDER_KEY = createTestKey('openai', 'relay')

/** The wallet of a person, in Node: the same engine, a grant of an app server, a live socket. */
export class RelayWallet {
  readonly grantId = newGrantId()
  readonly appSeed = createKeySeed(random)
  readonly secret = createKeySeed(random)
  readonly walletKey = exchangePublicKey(this.secret)
  /** Everything that went over its socket. */
  readonly wire: Uint8Array[] = []
  readonly store = createMemoryLedgerStore()
  readonly once = createRelayOnce(clock)
  grant: Grant = {
    id: this.grantId,
    subject: { clientId: 'vk_cid_0000000000000000000000', server: 'https://sync.example' },
    status: 'active',
    terms: {
      ...defaultTerms({
        now: clock(),
        keys: [{ provider: 'openai', keyId: toBase64url(random(16)) as KeyId }],
      }),
      sealed: 'plain',
    },
    createdAt: clock(),
  }
  /** The provider of the grant's key. */
  keyOf: 'openai' | 'anthropic' = 'openai'
  readonly #ports: ProxyPorts
  #live: ReturnType<typeof connectLive> | null = null
  session: RelaySession | null = null

  constructor(provider: { readonly origin: string }) {
    this.#ports = {
      ...{ clock, random },
      ledger: createLedger({ store: this.store, clock }),
      rateLimits: createRateLimits(),
      forward: ({ method, url, headers, body }, signal) => {
        const { pathname, search } = new URL(url)
        return fetch(provider.origin + pathname + search, { method, headers, body, signal })
      },
      findSite: () => Promise.resolve(null),
      openVault: () =>
        Promise.resolve({
          readGrant: () => Promise.resolve(this.grant),
          openKey: (keyId) =>
            Promise.resolve({
              ...{ keyId, provider: this.keyOf, baseUrl: null },
              secret: PROVIDER_KEY as ProviderKey,
            }),
        }),
      isPaused: () => Promise.resolve(false),
      ask: () => Promise.resolve('deny'),
      mayReach: () => Promise.resolve(false),
      noteRefusal: () => undefined,
      noteForeignHost: () => undefined,
      noteCall: () => undefined,
      noteKeyRefused: () => undefined,
      keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
    }
  }

  async connect(port: number, device: TestDevice): Promise<void> {
    const live = connectLive(port)
    this.#live = live
    const session = new RelaySession(
      {
        ...{ clock, random },
        isSynced: () => true,
        findConnection: (grant) =>
          Promise.resolve(
            grant !== this.grantId
              ? null
              : {
                  grant,
                  sealed: this.grant.terms.sealed ?? 'required',
                  appKeys: [signingPublicKey(this.appSeed)],
                  exchangeKeys: [{ secret: this.secret, publicKey: this.walletKey }],
                },
          ),
        call: (_connection, call, signal) => runRelayedCall(call, this.grant, this.#ports, signal),
      },
      this.once,
      (frame) => {
        this.wire.push(frame)
        if (live.socket.readyState === live.socket.OPEN) live.socket.send(frame)
      },
    )
    this.session = session
    live.socket.on('message', (data: Buffer) => {
      this.wire.push(Uint8Array.from(data))
      if (isRelayFrame(data)) session.receive(Uint8Array.from(data))
    })
    live.socket.on('close', () => {
      session.close(new WalletError('request.aborted'))
    })
    await sayHello(live, device, device.device.seed, [RELAY_CAPABILITY])
    await live.next()
  }

  /** As a browser that is killed leaves. */
  kill(): void {
    this.#live?.socket.terminate()
  }

  async lock(code: number): Promise<void> {
    this.#live?.socket.close(code)
    await this.#live?.closed
  }
}

export async function listen(test: TestServer): Promise<number> {
  await test.app.fastify.listen({ port: 0, host: '127.0.0.1' })
  return (test.app.fastify.server.address() as AddressInfo).port
}

/** Whose wallet a token is for, as a server that linked an app stored it. */
export async function linkApp(
  { server }: TestServer,
  { accountId, grantId, clientId, token, sealed }: LinkedApp,
): Promise<void> {
  const { queries } = server.database
  const made = parseServerToken(token)
  if (typeof made === 'string') throw new Error('no token')
  const expires_at = Date.now() + 60 * 60_000
  const of = { account_id: accountId, client_id: clientId, expires_at }
  await queries
    .insertInto('connections')
    .values({ ...of, id: grantId, status: 'active', created_at: 0, wallet_key: null, sealed })
    .execute()
  await queries
    .insertInto('app_tokens')
    .values({
      ...of,
      ...{ id: toBase64url(made.id), kind: 'at', hash: toBase64url(made.atRest) },
      ...{ connection_id: grantId, used_at: null },
    })
    .execute()
}

interface LinkedApp {
  readonly accountId: string
  readonly grantId: string
  readonly clientId: string
  readonly token: string
  readonly sealed: 'required' | 'plain'
}

export const newToken = (): string => createServerToken('at', random).text
