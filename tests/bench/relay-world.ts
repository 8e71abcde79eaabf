/** A server in its own process, wallets that answer from memory, and an app's server that calls them. */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createKeySeed, exchangePublicKey, signingPublicKey } from '@valetkey/wallet/crypto'
import {
  RELAY_CAPABILITY,
  WalletError,
  isRelayFrame,
  toBase64url,
  type GrantId,
  type LinkDetails,
} from '@valetkey/wallet/protocol'
import { RelaySession, createRelayOnce } from '@valetkey/wallet/relay'
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
import { ValetKeyClient } from '../../sdk/src/server/index.ts'

const ORIGIN = 'https://sync.example'
const APP = 'https://notes.example'
const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))

/** What a wallet of the bench answers every call with. */
export type Answer = () => ReadableStream<Uint8Array<ArrayBuffer>> | null

export async function openRelayWorld() {
  const database = await openSqliteFile()
  const settings = { VALETKEY_DATABASE: database.address, VALETKEY_ORIGIN: ORIGIN }
  const server = await startServerProcess(settings, await freePort())
  const agent = new Agent({ keepAlive: true })
  const sockets: WebSocket[] = []
  const newDevice = async () => {
    const device = new TestDevice({ send: server.send, origin: ORIGIN })
    await device.register()
    return device
  }
  return {
    server,
    newDevice,
    /** A welcomed wallet that serves nobody yet. */
    async openIdleWallet(device: TestDevice): Promise<void> {
      const live = connectLive(server.port)
      await sayHello(live, device, device.device.seed, [RELAY_CAPABILITY])
      if ((await live.next())?.type !== 'welcome') throw new Error('a wallet was refused')
      sockets.push(live.socket)
    },
    /** @returns the access token of an app that this wallet serves */
    async openWallet(answer: Answer): Promise<string> {
      const device = await newDevice()
      const grant = toBase64url(random(16)) as GrantId
      const accessToken = await linkApp(server.port, device, grant)
      const live = connectLive(server.port)
      const secret = createKeySeed(random)
      const exchangeKeys = [{ secret, publicKey: exchangePublicKey(secret) }]
      const session = new RelaySession(
        {
          ...{ clock: () => Date.now(), random, isSynced: () => true },
          findConnection: () =>
            Promise.resolve({
              ...{ grant, sealed: 'plain', appKeys: [], exchangeKeys },
            }),
          call: () => Promise.resolve({ status: 200, headers: JSON_REPLY, body: answer() }),
        },
        createRelayOnce(() => Date.now()),
        (frame) => {
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
      return accessToken
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

async function linkApp(port: number, device: TestDevice, grant: GrantId): Promise<string> {
  const asked = { name: 'Notes', origin: APP, publicKeys: [] }
  const app = await device.ask<{ clientId: string; clientSecret: string }>(
    'POST',
    '/v1/apps',
    asked,
  )
  const client = new ValetKeyClient({
    ...app.body.data,
    baseUrl: `http://127.0.0.1:${String(port)}`,
  })
  const { linkToken } = await client.createLinkSession()
  const url = '/v1/link/details'
  const { data } = (await device.guest<LinkDetails>('POST', url, { linkToken })).body
  const walletKey = toBase64url(signingPublicKey(createKeySeed(random)))
  const stub = { grant, walletKey, sealed: 'plain' as const, expiresAt: null }
  const sig = signLinkApproval(device.device, data, stub)
  const approval = { linkToken, stub, sig }
  const agreed = await device.ask<{ publicToken: string }>('POST', '/v1/link/authorize', approval)
  return (await client.exchangePublicToken(agreed.body.data.publicToken)).accessToken
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
