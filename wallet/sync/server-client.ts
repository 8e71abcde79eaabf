/** The sync server as a device sees it: each endpoint it needs, and nothing remembered between two calls. */
import * as z from 'zod/mini'
import {
  WalletError,
  isWalletError,
  linkDetailsSchema,
  loginReplySchema,
  oauthDetailsSchema,
  oauthRedirectSchema,
  pairingReplySchema,
  pairingValueSchema,
  preloginReplySchema,
  pullReplySchema,
  pushReplySchema,
  toBase64url,
  tokenReplySchema,
  fromBase64url,
  type ChangeDevicesRequest,
  type Clock,
  type CredentialsRequest,
  type DeleteAccountRequest,
  type DeviceId,
  type FetchVaultRequest,
  type LinkDetails,
  type LoginReply,
  type OAuthDetails,
  type PairingReply,
  type PairingStep,
  type PreloginReply,
  type PullReply,
  type Random,
  type RegisterRequest,
  type TokenReply,
} from '../protocol/index.ts'
import { utf8 } from '../crypto/bytes.ts'
import { sign } from '../crypto/signing.ts'
import { callServer, type ServerCall, type ServerFetch } from './call-server.ts'
import { proveRequest } from './request-proof.ts'
import { accountMessage, asJson, loginMessage, type AccountOperation } from './signed.ts'

export interface ServerClientPorts {
  /** As {@link readServerOrigin} gives it: part of what is signed, so the server's own to the letter. */
  readonly origin: string
  readonly fetch: ServerFetch
  readonly clock: Clock
  readonly random: Random
  /** For a whole reply; 30 s unless told. */
  readonly timeoutMs?: number
}

/** A device that proves itself by its Ed25519 key. */
export interface DeviceProof {
  readonly accountId: string
  readonly deviceId: DeviceId
  readonly seed: Uint8Array
}

interface OfAccount {
  readonly accountId: string
}
interface Challenged {
  readonly challenge: string
}

/**
 * Every call: `provider.network` where the server was not reached or something else answered;
 * `protocol.invalid_message` for a reply of another form; `request.rate_limited`; else as the server says.
 */
export interface ServerClient {
  readonly origin: string
  readonly clock: Clock
  readonly random: Random
  prelogin(accountId: string): Promise<PreloginReply>
  /** The same body again is the same registration. @throws `request.unprocessable` for a taken id, `auth.forbidden` where registration is closed */
  register(body: RegisterRequest): Promise<TokenReply>
  /** @throws `auth.failed`: also for a device that was removed, an account that is gone, a clock five minutes off */
  login(device: DeviceProof): Promise<LoginReply>
  /** A page of the vault, signed by ASK. @throws `auth.failed` */
  fetchForEnrolment(body: FetchVaultRequest): Promise<PullReply>
  /** A page of the vault, signed by RAK. Every device is told. @throws `auth.failed` */
  fetchForRecovery(body: FetchVaultRequest): Promise<PullReply>
  /** @throws `auth.failed`, `sync.conflict`, `request.unprocessable` */
  enrol(body: ChangeDevicesRequest): Promise<{ readonly seq: number }>
  /** @throws `auth.failed`, `sync.conflict`, `request.unprocessable`, `vault.quota` */
  changeCredentials(body: CredentialsRequest): Promise<TokenReply>
  /** @throws `auth.failed` */
  deleteAccount(body: DeleteAccountRequest): Promise<void>
  /** What a link token asks for, and of which app. @throws `auth.failed`, `auth.expired`, `request.replayed` */
  describeLink(linkToken: string): Promise<LinkDetails>
  /** What an app asks for by OAuth, and which app. @throws `auth.failed`, `auth.expired`, `request.replayed` */
  describeAuthorization(requestId: string): Promise<OAuthDetails>
  /** The person said no. @returns where the tab goes, or null. @throws as {@link ServerClient.describeAuthorization} */
  denyAuthorization(requestId: string): Promise<string | null>
  beginPairing(commit: string): Promise<PairingReply>
  /** Null while the step is not there yet, and once the pairing is over. */
  readPairing(pairingId: string, step: PairingStep): Promise<string | null>
  /** @throws `request.not_found` once it is over, `request.unprocessable` before the offer, `request.replayed` */
  writeReveal(pairingId: string, value: string): Promise<void>
  /** A body with a fresh challenge, signed by ASK. @param seed of ASK */
  approve<B extends object>(
    operation: AccountOperation,
    body: B & OfAccount,
    seed: Uint8Array,
  ): Promise<B & OfAccount & Challenged & { readonly signatures: { readonly account: string } }>
  /** The same by RAK, where a recovery allows it. @param seed of RAK */
  approveRecovery<B extends object>(
    operation: 'recovery' | 'credentials',
    body: B & OfAccount,
    seed: Uint8Array,
  ): Promise<B & OfAccount & Challenged & { readonly signatures: { readonly recovery: string } }>
  /** A request under a session's token, proved by the device's key. */
  callAs<T>(
    session: { readonly token: string } & DeviceProof,
    schema: z.ZodMiniType<T>,
    call: ServerCall,
  ): Promise<T>
}

const TIMEOUT_MS = 30_000

/**
 * The origin in what a person typed: `https`, or `http` on this machine.
 * @throws `request.invalid` with the reason `origin` for anything else
 */
export function readServerOrigin(typed: string): string {
  const text = typed.trim()
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
  const isLoopback = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)
  const isBare = url?.pathname === '/' && url.search === '' && url.hash === ''
  if (!isSafe || !isBare || url.username !== '' || url.password !== '') {
    throw new WalletError('request.invalid', { reason: 'origin' })
  }
  return url.origin
}

export function createServerClient(ports: ServerClientPorts): ServerClient {
  const { origin, fetch, clock, random, timeoutMs = TIMEOUT_MS } = ports
  const ask = <T>(schema: z.ZodMiniType<T>, call: ServerCall) =>
    callServer({ origin, fetch, timeoutMs }, schema, call)
  const post = <T>(path: string, schema: z.ZodMiniType<T>, body: object) =>
    ask(schema, { method: 'POST', path, body: JSON.stringify(body) })
  const prelogin = (accountId: string) =>
    post('/v1/auth/prelogin', preloginReplySchema, { accountId })
  const challenged = async <B extends object>(body: B & OfAccount) => {
    const { challenge } = await prelogin(body.accountId)
    return { ...body, challenge }
  }
  return {
    ...{ origin, clock, random, prelogin },
    register: (body) => post('/v1/auth/register', tokenReplySchema, body),
    login: async (device) => {
      const { challenge } = await prelogin(device.accountId)
      const body = signLogin(device, { origin, challenge, t: clock() })
      return post('/v1/auth/login', loginReplySchema, body)
    },
    fetchForEnrolment: (body) => post('/v1/devices/vault', pullReplySchema, body),
    fetchForRecovery: (body) => post('/v1/recovery', pullReplySchema, body),
    enrol: (body) => post('/v1/devices/enrol', pushReplySchema, body),
    changeCredentials: (body) => post('/v1/account/credentials', tokenReplySchema, body),
    deleteAccount: async (body) => {
      await ask(nothing, { method: 'DELETE', path: '/v1/account', body: JSON.stringify(body) })
    },
    describeAuthorization: (requestId) =>
      post('/v1/oauth/details', oauthDetailsSchema, { requestId }),
    denyAuthorization: async (requestId) =>
      (await post('/v1/oauth/deny', oauthRedirectSchema, { requestId })).redirect,
    describeLink: (linkToken) => post('/v1/link/details', linkDetailsSchema, { linkToken }),
    beginPairing: (commit) => post('/v1/pairings', pairingReplySchema, { commit }),
    readPairing: (pairingId, step) =>
      orNull(async () => {
        const path = `/v1/pairings/${pairingId}/${step}`
        return (await ask(pairingValueSchema, { method: 'GET', path })).value
      }),
    writeReveal: async (pairingId, value) => {
      const path = `/v1/pairings/${pairingId}/reveal`
      await ask(nothing, { method: 'PUT', path, body: JSON.stringify({ value }) })
    },
    approve: async (operation, body, seed) => {
      const whole = await challenged(body)
      return { ...whole, signatures: { account: signApproval(whole, { operation, origin, seed }) } }
    },
    approveRecovery: async (operation, body, seed) => {
      const whole = await challenged(body)
      return {
        ...whole,
        signatures: { recovery: signApproval(whole, { operation, origin, seed }) },
      }
    },
    callAs: (session, schema, call) => ask(schema, prove(session, call, ports)),
  }
}

export const nothing = z.strictObject({})

function signLogin(
  { accountId, deviceId, seed }: DeviceProof,
  { origin, challenge, t }: { origin: string; challenge: string; t: number },
) {
  const message = loginMessage(
    { accountId, serverOrigin: origin },
    { deviceId, challenge: fromBase64url(challenge), t },
  )
  return { accountId, deviceId, challenge, t, sig: toBase64url(sign(seed, message)) }
}

function signApproval(
  body: OfAccount & Challenged,
  by: { operation: AccountOperation; origin: string; seed: Uint8Array },
): string {
  const place = { accountId: body.accountId, serverOrigin: by.origin }
  const message = accountMessage(place, by.operation, asJson(body), fromBase64url(body.challenge))
  return toBase64url(sign(by.seed, message))
}

/** C91: what is proved is this method, this address, this body, now. */
function prove(
  session: { readonly token: string } & DeviceProof,
  call: ServerCall,
  { origin, clock, random }: ServerClientPorts,
): ServerCall {
  const { method, path, body = '' } = call
  const request = {
    ...{ method, targetUri: origin + path, body: utf8(body) },
    authorization: `Bearer ${session.token}`,
  }
  return { ...call, headers: proveRequest(request, session, clock(), random) }
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (isWalletError(error, 'request.not_found')) return null
    throw error
  }
}
