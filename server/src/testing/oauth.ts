/** Both ends of OAuth for tests: an app that asks, and the wallet of a person who answers. */
import { createHash, randomBytes } from 'node:crypto'
import { createKeySeed, sign, signingPublicKey } from '@valetkey/wallet/crypto/signing'
import {
  fromBase64url,
  toBase64url,
  type AuthorizationDetail,
  type GrantStub,
  type JsonValue,
  type OAuthDetails,
} from '@valetkey/wallet/protocol'
import { authorizeMessage } from '@valetkey/wallet/sync/formats'
import type { Reply, TestDevice } from './device.ts'
import type { TestServer } from './open-test-server.ts'

const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
export const REDIRECT = 'https://notes.example/callback'

export interface TestClient {
  readonly id: number
  readonly clientId: string
  readonly clientSecret?: string
}

export interface FormReply {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>> & {
    readonly error?: string
    readonly access_token: string
    readonly refresh_token: string
  }
}

export const newVerifier = (): string => toBase64url(random(32))
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')

export const newStub = (changes: Partial<GrantStub> = {}): GrantStub => ({
  grant: toBase64url(random(16)),
  walletKey: toBase64url(signingPublicKey(createKeySeed(random))),
  ...{ sealed: 'plain', expiresAt: null, ...changes },
})

export async function registered(test: TestServer): Promise<TestDevice> {
  const device = test.newDevice()
  await device.register()
  return device
}

export async function makeClient(owner: TestDevice, changes: object = {}): Promise<TestClient> {
  const asked = { clientName: 'Notes', redirectUris: [REDIRECT], ...changes }
  const made = await owner.ask<TestClient>('POST', '/api/v1/oauth2/clients', asked)
  return made.body.data
}

/** What a good request has. */
export const authorizeQuery = (client: TestClient, verifier: string): Record<string, string> => ({
  ...{ response_type: 'code', client_id: client.clientId, redirect_uri: REDIRECT, state: 'st' },
  ...{ code_challenge: challengeOf(verifier), code_challenge_method: 'S256' },
})

/** Loads the authorize page; `requestId` is what it hands to the wallet. */
export async function loadPage(
  test: TestServer,
  query: Readonly<Record<string, string>> | string,
): Promise<{
  status: number
  text: string
  headers: Readonly<Record<string, unknown>>
  requestId: string
}> {
  const search = typeof query === 'string' ? query : new URLSearchParams(query).toString()
  const reply = await test.app.fastify.inject(`/oauth2/authorize?${search}`)
  const [, requestId = ''] = /data-valetkey-request="([\w-]{43})"/.exec(reply.body) ?? []
  return { status: reply.statusCode, text: reply.body, headers: reply.headers, requestId }
}

/** The wallet: looks, signs, agrees. */
export async function agree(
  device: TestDevice,
  requestId: string,
  changes: {
    readonly stub?: GrantStub
    readonly details?: readonly AuthorizationDetail[]
    /** What it signs in place of what it sends. */
    readonly signed?: {
      readonly redirectUri?: string
      readonly clientId?: string
      readonly stub?: GrantStub
    }
  } = {},
): Promise<Reply<{ redirect: string | null }>> {
  const shown = await device.guest<OAuthDetails>('POST', '/v1/oauth/details', { requestId })
  if (shown.status !== 200) return shown as never
  const { client, redirectUri, details: asked } = shown.body.data
  const stub = changes.stub ?? newStub()
  const details = changes.details ?? asked
  const of = {
    id: fromBase64url(requestId),
    clientId: changes.signed?.clientId ?? client.clientId,
    redirectUri: changes.signed?.redirectUri ?? redirectUri ?? '',
  }
  const whole = JSON.parse(JSON.stringify([...details, changes.signed?.stub ?? stub])) as JsonValue
  const sig = toBase64url(sign(device.device.seed, authorizeMessage(of, whole)))
  return device.ask('POST', '/v1/oauth/authorize', { requestId, stub, details, sig })
}

/** A form to an endpoint of OAuth, with the app's secret if it has one. */
export async function sendForm(
  test: TestServer,
  path: string,
  form: Readonly<Record<string, string>> | string,
  from: { readonly client?: TestClient; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<FormReply> {
  const { client, headers = {} } = from
  const pair = `${client?.clientId ?? ''}:${client?.clientSecret ?? ''}`
  const proof = client?.clientSecret
    ? { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
    : {}
  const own = client && !client.clientSecret ? { client_id: client.clientId } : {}
  const reply = await test.app.fastify.inject({
    ...{ method: 'POST', url: path },
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...proof, ...headers },
    payload: typeof form === 'string' ? form : new URLSearchParams({ ...own, ...form }).toString(),
  })
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
}

/** From the page to the code the wallet carries back. */
export async function getCode(
  test: TestServer,
  client: TestClient,
  device: TestDevice,
  query: Readonly<Record<string, string>> = {},
): Promise<{ code: string; verifier: string; redirect: URL; stub: GrantStub }> {
  const verifier = newVerifier()
  const stub = newStub()
  const page = await loadPage(test, { ...authorizeQuery(client, verifier), ...query })
  const agreed = await agree(device, page.requestId, { stub })
  const redirect = new URL(agreed.body.data.redirect ?? 'about:blank')
  return { code: redirect.searchParams.get('code') ?? '', verifier, redirect, stub }
}

export const codeForm = (code: string, verifier: string): Record<string, string> => ({
  ...{ grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier },
})
