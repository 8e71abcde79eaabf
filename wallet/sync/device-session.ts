/** A device of an account at its server: signs in by its own key, and again when a session is over. */
import {
  claimedCodeSchema,
  devicesReplySchema,
  grantIdSchema,
  headsReplySchema,
  isWalletError,
  oauthRedirectSchema,
  pairingClaimReplySchema,
  publicTokenReplySchema,
  pullReplySchema,
  pushReplySchema,
  type ChangeDevicesRequest,
  type DeviceId,
  type DevicesReply,
  type GrantId,
  type LinkApproval,
  type LoginReply,
  type OAuthApproval,
  type PublicTokenReply,
  type RelayKey,
  type TokenReply,
} from '../protocol/index.ts'
import * as z from 'zod/mini'
import type { ServerCall } from './call-server.ts'
import { createOwnApps, type OwnApps } from './own-apps.ts'
import { nothing, type ServerClient } from './server-client.ts'
import type { SyncServer } from './sync-ports.ts'

const stubSchema = z.object({ id: grantIdSchema, status: z.string() })

/** Where a session's token lies between two workers. Worth nothing without the device's key. */
export interface SessionStore {
  read(): Promise<TokenReply | null>
  write(session: TokenReply): Promise<void>
}

export interface DeviceSessionPorts {
  readonly client: ServerClient
  readonly accountId: string
  /** `seed` of its Ed25519 key, see `OpenVault.readDeviceKeys`. */
  readonly device: { readonly deviceId: DeviceId; readonly seed: Uint8Array }
  readonly sessions: SessionStore
}

/**
 * Every call beside what it says: `auth.failed` for a device that was removed, an account that is gone or
 * a clock that is five minutes off; else as {@link ServerClient}.
 */
export interface DeviceSession extends SyncServer {
  /** A new session, and the head the server has. */
  login(): Promise<LoginReply>
  devices(): Promise<DevicesReply>
  /** A longer list. @throws `sync.conflict`, `request.unprocessable` */
  changeDevices(body: ChangeDevicesRequest): Promise<{ readonly seq: number }>
  /** A list without one device: its sessions and sockets end at once. @throws as {@link DeviceSession.changeDevices} */
  removeDevice(deviceId: DeviceId, body: ChangeDevicesRequest): Promise<{ readonly seq: number }>
  /**
   * The person agreed to link an app: a token for its page to hand on.
   * @throws `auth.failed`, `auth.expired`, `request.replayed` for a link token that was used
   */
  authorizeLink(approval: LinkApproval): Promise<PublicTokenReply>
  /** Names the key an app's server seals to from now on. @throws `request.not_found` where nothing is linked */
  writeRelayKey(grantId: GrantId, key: RelayKey): Promise<void>
  /**
   * The person agreed to what an app asks for by OAuth.
   * @returns where the tab goes, or null where a device waits; to be compared with what was agreed to
   * @throws `auth.failed`, `auth.expired`, `request.replayed`; `request.unprocessable` for a connection that is over
   */
  authorize(approval: OAuthApproval): Promise<string | null>
  /** The request behind a code that was typed. @throws `request.not_found`, `request.rate_limited` after five */
  claimUserCode(userCode: string): Promise<string>
  /** What apps' servers hold, as the server knows it: those that are over. */
  endedConnections(): Promise<readonly GrantId[]>
  /** Ends what an app's server may do, at the server. Gone already is no error. */
  endConnection(grantId: GrantId): Promise<void>
  /** The apps this person builds. */
  readonly ownApps: OwnApps
  /** The pairing whose code was typed. @throws `request.not_found`, `request.rate_limited` */
  claimPairing(code: string): Promise<string>
  /** @throws `request.not_found` once it is over, `request.unprocessable` out of order, `request.replayed` */
  writePairing(pairingId: string, step: 'offer' | 'grant', value: string): Promise<void>
}

export function createDeviceSession(ports: DeviceSessionPorts): DeviceSession {
  const call = createSessionCall(ports)
  const post = <T>(path: string, schema: z.ZodMiniType<T>, body: object) =>
    call(schema, { method: 'POST', path, body: JSON.stringify(body) })
  return {
    login: () => signIn(ports),
    pull: (cursor, ack) => {
      const after = cursor === null ? '' : `cursor=${cursor}&`
      return call(pullReplySchema, { method: 'GET', path: `/v1/sync/pull?${after}ack=${ack}` })
    },
    heads: (from, to) =>
      call(headsReplySchema, { method: 'GET', path: `/v1/sync/heads?from=${from}&to=${to}` }),
    push: (push) => post('/v1/sync/push', pushReplySchema, push),
    devices: () => call(devicesReplySchema, { method: 'GET', path: '/v1/devices' }),
    changeDevices: (body) => post('/v1/devices', pushReplySchema, body),
    removeDevice: (deviceId, body) => {
      const path = `/v1/devices/${deviceId}`
      return call(pushReplySchema, { method: 'DELETE', path, body: JSON.stringify(body) })
    },
    authorizeLink: (approval) => post('/v1/link/authorize', publicTokenReplySchema, approval),
    writeRelayKey: async (grantId, key) => {
      const path = `/v1/connections/${grantId}/key`
      await call(nothing, { method: 'PUT', path, body: JSON.stringify(key) })
    },
    authorize: async (approval) =>
      (await post('/v1/oauth/authorize', oauthRedirectSchema, approval)).redirect,
    claimUserCode: async (userCode) =>
      (await post('/v1/oauth/device', claimedCodeSchema, { userCode })).requestId,
    endedConnections: async () => {
      const stubs = await call(z.array(stubSchema), { method: 'GET', path: '/v1/connections' })
      return stubs.filter(({ status }) => status === 'revoked').map(({ id }) => id)
    },
    endConnection: async (grantId) => {
      try {
        await call(z.unknown(), { method: 'DELETE', path: `/v1/connections/${grantId}` })
      } catch (error) {
        if (!isWalletError(error, 'request.not_found')) throw error
      }
    },
    ownApps: createOwnApps(call),
    claimPairing: async (code) =>
      (await post('/v1/pairings/claim', pairingClaimReplySchema, { code })).pairingId,
    writePairing: async (pairingId, step, value) => {
      const path = `/v1/pairings/${pairingId}/${step}`
      await call(nothing, { method: 'PUT', path, body: JSON.stringify({ value }) })
    },
  }
}

async function signIn({ client, accountId, device, sessions }: DeviceSessionPorts) {
  const reply = await client.login({ accountId, ...device })
  await sessions.write({ token: reply.token, expiresAt: reply.expiresAt })
  return reply
}

/** With the token there is; once more with a new one where the server takes that one no longer. */
function createSessionCall(ports: DeviceSessionPorts) {
  const { client, accountId, device, sessions } = ports
  let signingIn: Promise<TokenReply> | null = null
  // Calls that find the session over at once wait for one login: each would end the other's patience.
  const fresh = () => {
    signingIn ??= signIn(ports).finally(() => {
      signingIn = null
    })
    return signingIn
  }
  return async <T>(schema: z.ZodMiniType<T>, call: ServerCall): Promise<T> => {
    const known = await sessions.read()
    const { token } = known && known.expiresAt > client.clock() ? known : await fresh()
    try {
      return await client.callAs({ token, accountId, ...device }, schema, call)
    } catch (error) {
      const isOver = isWalletError(error, 'auth.expired') || isWalletError(error, 'auth.failed')
      if (!isOver || token !== known?.token) throw error
      const { token: next } = await fresh()
      return client.callAs({ token: next, accountId, ...device }, schema, call)
    }
  }
}
