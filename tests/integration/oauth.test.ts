import { createHash } from 'node:crypto'
import {
  REDIRECT,
  agree,
  makeClient,
  newStub,
  openSqliteFile,
  openTestServer,
  registered,
} from '@valetkey/server/testing'
import OpenAI from 'openai'
import * as oauth from 'openid-client'
import { expect, it, onTestFinished } from 'vitest'
import { RelayWallet, listen, openProvider } from './__fixtures__/relay-wallet.ts'

/** A server, a person with a connected wallet, and an app of somebody else. */
async function world(changes: object = {}) {
  const database = await openSqliteFile()
  const provider = await openProvider()
  const wallet = new RelayWallet(provider)
  const test = await openTestServer(database.address)
  const port = await listen(test)
  const person = await registered(test)
  const app = await makeClient(await registered(test), changes)
  await wallet.connect(port, person)
  onTestFinished(async () => {
    wallet.kill()
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await provider[Symbol.asyncDispose]()
  })
  provider.answers((reply) => {
    reply.writeHead(200, { 'content-type': 'application/json' })
    const choices = [{ index: 0, message: { role: 'assistant', content: 'hello' } }]
    const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
    reply.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, choices, usage }))
  })
  // The library speaks to the address the server says that it has, as a proxy before it would lead it.
  const origin = `http://127.0.0.1:${String(port)}`
  const proxied: oauth.CustomFetch = (url, init) =>
    fetch(url.replace(test.server.config.origin, origin), init as RequestInit)
  const chat = async (apiKey: string): Promise<string | null | undefined> => {
    const client = new OpenAI({ apiKey, baseURL: `${origin}/v1/proxy`, maxRetries: 0 })
    const messages = [{ role: 'user' as const, content: 'hi' }]
    const answer = await client.chat.completions.create({ model: 'openai/gpt-4o-mini', messages })
    return answer.choices[0]?.message.content
  }
  return { test, origin, wallet, person, app, proxied, chat }
}

/** What openid-client learns from the metadata alone. */
async function discovered({ test, app, proxied }: Awaited<ReturnType<typeof world>>) {
  const issuer = new URL(test.server.config.origin)
  return oauth.discovery(issuer, app.clientId, app.clientSecret, undefined, {
    algorithm: 'oauth2',
    [oauth.customFetch]: proxied,
  })
}

it('openid-client, unmodified, gets a token that the OpenAI client uses as its key', async () => {
  const set = await world()
  const { test, wallet, person, origin, chat } = set
  const config = await discovered(set)
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
  const expectedState = oauth.randomState()
  const address = oauth.buildAuthorizationUrl(config, {
    ...{ redirect_uri: REDIRECT, scope: 'api:access', state: expectedState },
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([{ type: 'ai_inference', providers: ['openai'] }]),
  })
  const page = await fetch(address.href.replace(test.server.config.origin, origin))
  const [, requestId = ''] = /data-valetkey-request="([\w-]{43})"/.exec(await page.text()) ?? []
  const stub = newStub({ grant: wallet.grantId })
  const agreed = await agree(person, requestId, { stub })
  const { redirect } = agreed.body.data
  // What the wallet adds before it takes the tab there (design: protocols §3).
  const fingerprint = createHash('sha256').update(Buffer.from(stub.walletKey, 'base64url'))
  const back = new URL(redirect ?? '')
  back.searchParams.set('wallet_fpr', fingerprint.digest('base64url'))

  const tokens = await oauth.authorizationCodeGrant(config, back, {
    pkceCodeVerifier,
    expectedState,
  })
  expect(tokens.authorization_details).toEqual([{ type: 'ai_inference', providers: ['openai'] }])
  expect(await chat(tokens.access_token)).toBe('hello')

  const next = await oauth.refreshTokenGrant(config, tokens.refresh_token ?? '')
  expect(await chat(next.access_token)).toBe('hello')
  expect(await oauth.tokenIntrospection(config, next.access_token)).toMatchObject({
    ...{ active: true, client_id: set.app.clientId, scope: 'api:access' },
  })
  await oauth.tokenRevocation(config, next.refresh_token ?? '')
  for (const token of [tokens.access_token, next.access_token]) {
    await expect(chat(token)).rejects.toMatchObject({ status: 401, code: 'auth.failed' })
  }
})

it('C97: openid-client refuses an answer of another server, or to another request', async () => {
  const set = await world({ clientType: 'PUBLIC' })
  const { test, person, origin } = set
  const config = await discovered(set)
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
  const expectedState = oauth.randomState()
  const address = oauth.buildAuthorizationUrl(config, {
    ...{ redirect_uri: REDIRECT, state: expectedState, code_challenge_method: 'S256' },
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
  })
  const page = await fetch(address.href.replace(test.server.config.origin, origin))
  const [, requestId = ''] = /data-valetkey-request="([\w-]{43})"/.exec(await page.text()) ?? []
  const { redirect } = (await agree(person, requestId)).body.data
  const withIss = (iss: string | null) => {
    const url = new URL(redirect ?? '')
    if (iss === null) url.searchParams.delete('iss')
    else url.searchParams.set('iss', iss)
    return url
  }
  const checks = { pkceCodeVerifier, expectedState }
  for (const iss of [null, 'https://evil.example']) {
    await expect(oauth.authorizationCodeGrant(config, withIss(iss), checks)).rejects.toThrow()
  }
  const other = { pkceCodeVerifier, expectedState: oauth.randomState() }
  await expect(
    oauth.authorizationCodeGrant(config, new URL(redirect ?? ''), other),
  ).rejects.toThrow()
  // Nothing of it was sent to the server: the code is still good, for an app without a secret.
  const tokens = await oauth.authorizationCodeGrant(config, new URL(redirect ?? ''), checks)
  expect(tokens.access_token).toMatch(/^vk_at_/)
})

it('openid-client, unmodified, connects a device without a browser', async () => {
  const set = await world()
  const { person, wallet, chat } = set
  const config = await discovered(set)
  const begun = await oauth.initiateDeviceAuthorization(config, { scope: 'api:access' })
  const typed = { userCode: begun.user_code }
  const claimed = await person.ask<{ requestId: string }>('POST', '/v1/oauth/device', typed)
  await agree(person, claimed.body.data.requestId, { stub: newStub({ grant: wallet.grantId }) })
  const tokens = await oauth.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0.1 })

  expect(await chat(tokens.access_token)).toBe('hello')
})
