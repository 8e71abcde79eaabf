/** A server in its own process, wallets that answer from memory, and an app's server that calls them. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createKeySeed, signingPublicKey } from '@valetkey/wallet/crypto'
import {
  RELAY_CAPABILITY,
  WalletError,
  decodeRelayFrame,
  fromBase64url,
  isRelayFrame,
  toBase64url,
  type GrantId,
  type GrantRelay,
  type GrantStub,
  type LinkDetails,
} from '@valetkey/wallet/protocol'
import {
  RelaySession,
  createExchangeKey,
  createRelayOnce,
  liveExchangeKeys,
  signExchangeKey,
} from '@valetkey/wallet/relay'
import { signLinkApproval } from '@valetkey/wallet/sync'
import {
  TestDevice,
  connectLive,
  freePort,
  openSqliteFile,
  sayHello,
  startServerProcess,
} from '@valetkey/server/testing'
import { WebSocket } from 'ws'
import { ValetKeyClient, appKeyDocument, createAppKey } from '../../sdk/src/server/index.ts'

const ORIGIN = 'https://sync.example'
const APP = 'https://notes.example'
const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))

/** Whether the server between may read calls. */
type Sealing = GrantStub['sealed']

/** An app's server, linked with one wallet. */
export interface LinkedApp {
  readonly accessToken: string
  /** Of its own key, which sealed calls are signed with. */
  readonly publicKey: Uint8Array
  /** The SDK's. */
  readonly wallet: ReturnType<ValetKeyClient['wallet']>
}

/** What a wallet of the bench answers every call with. */
export type Answer = () => ReadableStream<Uint8Array<ArrayBuffer>> | null

export async function openRelayWorld() {
  const database = await openSqliteFile()
  const settings = { VALETKEY_DATABASE: database.address, VALETKEY_ORIGIN: ORIGIN }
  const server = await startServerProcess(settings, await freePort())
  const agent = new Agent({ keepAlive: true })
  const sockets: WebSocket[] = []
  let frames = 0
  const newDevice = async () => {
    const device = new TestDevice({ send: server.send, origin: ORIGIN })
    await device.register()
    return device
  }
  return {
    server,
    newDevice,
    /** Frames of replies that wallets sent so far. */
    framesSent: () => frames,
    /** A welcomed wallet that serves nobody yet. */
    async openIdleWallet(device: TestDevice): Promise<void> {
      const live = connectLive(server.port)
      await sayHello(live, device, device.device.seed, [RELAY_CAPABILITY])
      if ((await live.next())?.type !== 'welcome') throw new Error('a wallet was refused')
      sockets.push(live.socket)
    },
    /** @returns an app's own end of this wallet, which serves it */
    async openWallet(answer: Answer, sealed: Sealing = 'plain'): Promise<LinkedApp> {
      const device = await newDevice()
      const grant = toBase64url(random(16)) as GrantId
      const exchangeKey = createExchangeKey(Date.now(), random)
      const relay = { signingSeed: toBase64url(createKeySeed(random)), exchangeKeys: [exchangeKey] }
      const app = await linkApp(server.port, device, { grant, sealed, relay })
      const live = connectLive(server.port)
      const exchangeKeys = liveExchangeKeys([exchangeKey], Date.now())
      const session = new RelaySession(
        {
          ...{ clock: () => Date.now(), random, isSynced: () => true },
          findConnection: () =>
            Promise.resolve({
              ...{ grant, sealed, appKeys: [app.publicKey], exchangeKeys },
            }),
          call: () => Promise.resolve({ status: 200, headers: JSON_REPLY, body: answer() }),
        },
        createRelayOnce(() => Date.now()),
        (frame) => {
          if (decodeRelayFrame(frame)?.type === 'data') frames += 1
          live.socket.send(frame)
        },
      )
      // What it answers with ends with its socket: a stream that went on would keep this process.
      void live.closed.then(() => {
        session.close(new WalletError('relay.wallet_lost'))
      })
      live.socket.on('message', (data: Buffer) => {
        if (isRelayFrame(data)) session.receive(Uint8Array.from(data))
      })
      await sayHello(live, device, device.device.seed, [RELAY_CAPABILITY])
      if ((await live.next())?.type !== 'welcome') throw new Error('a wallet was refused')
      sockets.push(live.socket)
      return app
    },
    /** @returns the reply as it begins */
    call: (accessToken: string, body: Buffer): Promise<IncomingMessage> =>
      new Promise((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${accessToken}`,
          ...{ 'content-type': 'application/json', 'content-length': body.length },
        }
        const path = '/v1/proxy/chat/completions'
        const about = { agent, host: '127.0.0.1', port: server.port, method: 'POST', path, headers }
        const sent = request(about, (reply) => {
          if (reply.statusCode === 200) resolve(reply)
          else reject(new Error(`a call was answered with ${String(reply.statusCode)}`))
        })
        sent.on('error', reject).end(body)
      }),
    async close(): Promise<void> {
      agent.destroy()
      for (const socket of sockets) socket.terminate()
      await server.kill('SIGKILL')
      await database[Symbol.asyncDispose]()
    },
  }
}

export type RelayWorld = Awaited<ReturnType<typeof openRelayWorld>>

const JSON_REPLY = [['content-type', 'application/json']] as const

interface Linking {
  readonly grant: GrantId
  readonly sealed: Sealing
  readonly relay: Pick<GrantRelay, 'signingSeed' | 'exchangeKeys'>
}

async function linkApp(
  port: number,
  device: TestDevice,
  { grant, sealed, relay }: Linking,
): Promise<LinkedApp> {
  const appKey = createAppKey()
  const { keys } = await appKeyDocument(APP, [appKey])
  const publicKeys = keys.map(({ ed25519 }) => ed25519)
  const asked = { name: 'Notes', origin: APP, publicKeys }
  const registered = await device.ask<{ clientId: string; clientSecret: string }>(
    ...(['POST', '/v1/apps', asked] as const),
  )
  const baseUrl = `http://127.0.0.1:${String(port)}`
  const client = new ValetKeyClient({ ...registered.body.data, baseUrl, appKey })
  const { linkToken } = await client.createLinkSession()
  const url = '/v1/link/details'
  const { data } = (await device.guest<LinkDetails>('POST', url, { linkToken })).body
  const walletKey = toBase64url(signingPublicKey(fromBase64url(relay.signingSeed)))
  const stub = { grant, walletKey, sealed, expiresAt: null }
  const sig = signLinkApproval(device.device, data, stub)
  const approval = { linkToken, stub, sig }
  const agreed = await device.ask<{ publicToken: string }>('POST', '/v1/link/authorize', approval)
  await device.ask('PUT', `/v1/connections/${grant}/key`, signExchangeKey(grant, relay) ?? {})
  const linked = await client.exchangePublicToken(agreed.body.data.publicToken)
  const [publicKey = ''] = publicKeys
  return {
    accessToken: linked.accessToken,
    publicKey: fromBase64url(publicKey),
    wallet: client.wallet(linked),
  }
}

/** The bare pair of sockets that the relay is compared with. */
export async function openEchoPair() {
  const child = fork(join(import.meta.dirname, 'echo-server.ts'))
  const [port] = (await once(child, 'message')) as [number]
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}`, { perMessageDeflate: false })
  await once(socket, 'open')
  const waiting: (() => void)[] = []
  socket.on('message', () => waiting.shift()?.())
  return {
    echo: (bytes: Buffer): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve)
        socket.send(bytes)
      }),
    close(): void {
      socket.terminate()
      child.kill()
    },
  }
}
