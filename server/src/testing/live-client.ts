import {
  LIVE_SUBPROTOCOL,
  decodeLiveFrame,
  encodeLiveFrame,
  fromBase64url,
  toBase64url,
  type LiveFrame,
} from '@valetkey/wallet/protocol'
import { sign } from '@valetkey/wallet/crypto/signing'
import { liveMessage } from '@valetkey/wallet/sync/formats'
import { WebSocket } from 'ws'
import type { TestDevice } from './device.ts'

/** A socket that keeps every frame, and hands them out in order. */
export function connectLive(port: number, path = '/v1/live') {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}${path}`, LIVE_SUBPROTOCOL)
  const frames: LiveFrame[] = []
  const waiting: ((frame: LiveFrame | null) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const frame = decodeLiveFrame(data)
    if (!frame) return
    const next = waiting.shift()
    if (next) next(frame)
    else frames.push(frame)
  })
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      for (const next of waiting.splice(0)) next(null)
      resolve(code)
    })
    socket.on('error', () => undefined)
  })
  const next = () =>
    new Promise<LiveFrame | null>((resolve) => {
      const frame = frames.shift()
      if (frame) resolve(frame)
      else waiting.push(resolve)
    })
  return {
    next,
    closed,
    socket,
    send: (frame: LiveFrame) => {
      socket.send(encodeLiveFrame(frame))
    },
  }
}

/** Proves the device, or with another seed fails to. */
export async function sayHello(
  live: ReturnType<typeof connectLive>,
  device: TestDevice,
  seed = device.device.seed,
  caps: string[] = [],
) {
  const asked = await live.next()
  if (asked?.type !== 'challenge') throw new Error('no challenge')
  const t = Date.now()
  const message = liveMessage(
    { accountId: device.keys.accountId, serverOrigin: device.origin },
    {
      deviceId: device.device.id,
      connId: fromBase64url(asked.connId),
      challenge: fromBase64url(asked.challenge),
      t,
    },
  )
  const sig = toBase64url(sign(seed, message))
  live.send({ type: 'hello', acct: device.keys.accountId, dev: device.device.id, t, sig, caps })
}
