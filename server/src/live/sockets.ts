/** The live channel: one socket a device. It says "there is something new", and carries relayed calls. */
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  LIVE_CLOSE_LOCKED,
  LIVE_SILENCE_MS,
  LIVE_SUBPROTOCOL,
  RELAY_CAPABILITY,
  RELAY_CREDIT_BYTES,
  RELAY_STREAMS_PER_WALLET,
  decodeLiveFrame,
  encodeLiveFrame,
  fromBase64url,
  isRelayFrame,
  toBase64url,
  type LiveFrame,
} from '@valetkey/wallet/protocol'
import { PROOF_SKEW_MS, liveMessage } from '@valetkey/wallet/sync/formats'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Notice } from '../bus/port.ts'
import { oneWriteATurn } from '../http/one-write.ts'
import type { RelayWallet } from '../relay/wallets.ts'
import type { Server } from '../server.ts'
import { findAccount } from '../stores/accounts.ts'
import { findDevice } from '../stores/devices.ts'

const PATH = '/v1/live'
const HELLO_MS = 10_000
const SWEEP_MS = 15_000
/** A frame of the relay: 8 bytes and 64 KiB. */
const PAYLOAD_LIMIT_BYTES = 8 + 64 * 1024
/** A restart is announced, and the clients come back spread over this time. */
const RECONNECT_SPREAD_MS = 10_000
/** Close codes of RFC 6455 §7.4.1. */
const GOING_AWAY = 1001
const POLICY = 1008

export interface LiveSockets {
  readonly count: () => number
  /** Says goodbye to all of them. */
  readonly close: () => void
}

interface Live {
  readonly socket: WebSocket
  /** Before each frame of a call. */
  readonly gather: () => void
  heardAt: number
  device?: { readonly accountId: string; readonly deviceId: string }
  unsubscribe?: () => void
  /** Absent: it takes no calls. */
  wallet?: RelayWallet
}

type Hello = Extract<LiveFrame, { type: 'hello' }>

/** Takes over the upgrades of an HTTP server. */
export function openLiveSockets(server: Server, http: HttpServer): LiveSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: PAYLOAD_LIMIT_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(LIVE_SUBPROTOCOL) ? LIVE_SUBPROTOCOL : false),
  })
  const open = new Set<Live>()
  http.on('upgrade', (request: IncomingMessage, stream: Duplex, start: Buffer) => {
    const offered = request.headers['sec-websocket-protocol']?.split(/,\s*/) ?? []
    if (request.url !== PATH || !offered.includes(LIVE_SUBPROTOCOL)) {
      stream.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, start, (socket) => {
      greet(server, { socket, stream }, open)
    })
  })
  const sweeping = setInterval(() => {
    const quiet = server.clock() - LIVE_SILENCE_MS
    for (const { heardAt, socket } of open) if (heardAt < quiet) socket.terminate()
  }, SWEEP_MS)
  sweeping.unref()
  return {
    count: () => open.size,
    close() {
      clearInterval(sweeping)
      for (const { socket } of open) {
        send(socket, {
          type: 'goaway',
          reconnectIn: Math.floor(((server.random(2)[0] ?? 0) / 256) * RECONNECT_SPREAD_MS),
          tryFor: 60_000,
        })
        socket.close(GOING_AWAY)
      }
      sockets.close()
    },
  }
}

function greet(
  server: Server,
  { socket, stream }: { readonly socket: WebSocket; readonly stream: Duplex },
  open: Set<Live>,
): void {
  const live: Live = { socket, gather: oneWriteATurn(stream), heardAt: server.clock() }
  open.add(live)
  const challenge = server.random(32)
  const connId = toBase64url(server.random(16))
  const late = setTimeout(() => {
    if (!live.device) socket.close(POLICY)
  }, HELLO_MS)
  socket.on('close', (code) => {
    clearTimeout(late)
    live.unsubscribe?.()
    live.wallet?.close(code === LIVE_CLOSE_LOCKED)
    open.delete(live)
  })
  socket.on('error', () => {
    socket.terminate()
  })
  socket.on('message', (message: RawData, isBinary: boolean) => {
    live.heardAt = server.clock()
    if (live.wallet && isBinary && Buffer.isBuffer(message) && isRelayFrame(message)) {
      if (!live.wallet.receive(message)) socket.close(POLICY)
      return
    }
    const frame = isBinary && Buffer.isBuffer(message) ? decodeLiveFrame(message) : null
    if (frame?.type === 'ping' && live.device) send(socket, { type: 'pong' })
    else if (frame?.type === 'hello' && !live.device) {
      clearTimeout(late)
      welcome(server, live, frame, { challenge, connId }).catch(() => {
        socket.close(POLICY)
      })
    } else socket.close(POLICY)
  })
  send(socket, { type: 'challenge', challenge: toBase64url(challenge), connId })
}

async function welcome(
  server: Server,
  live: Live,
  hello: Hello,
  asked: { readonly challenge: Uint8Array; readonly connId: string },
): Promise<void> {
  const { acct: accountId, dev: deviceId, t, sig } = hello
  live.device = { accountId, deviceId }
  const { queries } = server.database
  const device = await findDevice(queries, accountId, deviceId)
  const message = liveMessage(
    { accountId, serverOrigin: server.config.origin },
    { deviceId, connId: fromBase64url(asked.connId), challenge: asked.challenge, t },
  )
  const inTime = Math.abs(server.clock() - t) <= PROOF_SKEW_MS
  const key = device && fromBase64url(device.ed25519)
  if (!key || !inTime || !verifySignature(key, message, fromBase64url(sig))) {
    live.socket.close(POLICY)
    return
  }
  // Subscribed first: a push between the two is told twice, never missed.
  live.unsubscribe = server.bus.subscribe(accountId, (notice) => {
    tell(live, notice)
  })
  const account = await findAccount(queries, accountId)
  send(live.socket, {
    type: 'welcome',
    seq: account?.seq ?? 0,
    recoveredAt: account?.recovered_at ?? null,
  })
  if (hello.caps.includes(RELAY_CAPABILITY) && live.socket.readyState === live.socket.OPEN) {
    wallets.add(live.socket)
    live.wallet = server.relay.addWallet(accountId, (frame) => {
      sendFrame(live, frame)
    })
  }
}

function tell(live: Live, notice: Notice): void {
  const gone =
    notice.type === 'deleted' ||
    (notice.type === 'devices' && !notice.devices.includes(live.device?.deviceId ?? ''))
  if (gone) live.socket.close(POLICY)
  else {
    const recovered = notice.type === 'recovered' ? { recovered: true } : {}
    send(live.socket, { type: 'hint', seq: notice.seq, ...recovered })
  }
}

/** A client that does not read is not waited for: it pulls when it comes back. */
const WAITING_LIMIT_BYTES = 64 * 1024

/** The credit of the calls bounds what may wait here; what is above it is a fault of ours. */
const FRAMES_LIMIT_BYTES = RELAY_STREAMS_PER_WALLET * RELAY_CREDIT_BYTES * 2

/** What carries calls may have more waiting than hints. */
const wallets = new WeakSet<WebSocket>()

function sendFrame({ socket, gather }: Live, frame: Uint8Array): void {
  if (socket.bufferedAmount > FRAMES_LIMIT_BYTES) socket.terminate()
  else if (socket.readyState === socket.OPEN) {
    gather()
    socket.send(frame)
  }
}

function send(socket: WebSocket, frame: LiveFrame): void {
  const limit = wallets.has(socket) ? FRAMES_LIMIT_BYTES : WAITING_LIMIT_BYTES
  if (socket.bufferedAmount > limit) socket.terminate()
  else if (socket.readyState === socket.OPEN) socket.send(encodeLiveFrame(frame))
}
