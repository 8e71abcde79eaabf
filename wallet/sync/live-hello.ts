/** What a device answers when the live channel asks who it is (formats §5b, `live`). */
import { fromBase64url, toBase64url, type LiveFrame } from '../protocol/index.ts'
import { sign } from '../crypto/signing.ts'
import type { DeviceProof } from './server-client.ts'
import { liveMessage } from './signed.ts'

type Challenge = Extract<LiveFrame, { type: 'challenge' }>
type Hello = Extract<LiveFrame, { type: 'hello' }>

/** @param place the server the device means, so that another one cannot pass the proof on */
export function signHello(
  { accountId, deviceId, seed }: DeviceProof,
  { challenge, connId }: Challenge,
  place: {
    readonly serverOrigin: string
    readonly t: number
    /** What this device takes on the socket beside hints. */
    readonly caps: readonly string[]
  },
): Hello {
  const { serverOrigin, t, caps } = place
  const message = liveMessage(
    { accountId, serverOrigin },
    { deviceId, connId: fromBase64url(connId), challenge: fromBase64url(challenge), t },
  )
  const sig = toBase64url(sign(seed, message))
  return { type: 'hello', acct: accountId, dev: deviceId, t, sig, caps: [...caps] }
}
