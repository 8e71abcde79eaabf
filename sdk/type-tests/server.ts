import type { ChatChunk, ChatCompletion, ProviderId } from 'valetkey'
import {
  ValetKeyClient,
  appKeyDocument,
  createAppKey,
  type AppKeyDocument,
  type AppUsage,
  type BoundWallet,
  type Connection,
  type LinkSession,
  type LinkedWallet,
} from 'valetkey/server'
import { expectType } from './expect-type.js'

const client = new ValetKeyClient({
  ...{ clientId: 'vk_cid_', clientSecret: 'vk_cs_', baseUrl: 'https://sync.example.test' },
})
expectType<typeof globalThis.fetch>().is<typeof client.fetch>()
expectType<string>().is<typeof client.baseURL>()

export async function serve(publicToken: string, accessToken: string): Promise<object> {
  const session = await client.createLinkSession({
    ...{ requestedProviders: ['openai', 'anthropic'], budgetSuggestionCents: 1000 },
  })
  expectType<LinkSession>().is<typeof session>()
  const linked = await client.exchangePublicToken(publicToken)
  expectType<LinkedWallet>().is<typeof linked>()
  const messages = [{ role: 'user', content: 'Hello!' }] as const
  const asked = { accessToken, provider: 'openai', model: 'gpt-5', messages } as const

  const whole = await client.chatCompletion({ ...asked, temperature: 0 })
  expectType<ChatCompletion>().is<typeof whole>()
  const pieces = await client.chatCompletion({ ...asked, stream: true }, { idempotencyKey: 'mine' })
  expectType<AsyncIterable<ChatChunk>>().is<typeof pieces>()
  const reply = await client.passthrough('openai', '/v1/models', { accessToken })
  expectType<Response>().is<typeof reply>()
  const usage = await client.usage({ startDate: '2026-11-01' })
  expectType<AppUsage>().is<typeof usage>()
  const connections = await client.connections.list({ limit: 10 })
  expectType<readonly Connection[]>().is<typeof connections>()
  return { session, linked, whole, pieces, reply, usage, connections }
}

expectType<ProviderId>().is<Parameters<typeof client.passthrough>[0]>()

// @ts-expect-error: whose wallet?
void client.chatCompletion({ provider: 'openai', model: 'gpt-5', messages: [] })
// @ts-expect-error: without the secret it is nobody.
new ValetKeyClient({ clientId: 'vk_cid_', baseUrl: 'https://sync.example.test' })

declare const linked: LinkedWallet
export const bound: BoundWallet = client.wallet(linked)
export const appKey: string = createAppKey()
export const document: Promise<AppKeyDocument> = appKeyDocument('https://notes.example', [appKey])
expectType<typeof globalThis.fetch>().is<typeof bound.fetch>()
