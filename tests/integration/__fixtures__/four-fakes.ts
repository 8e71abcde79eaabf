import { afterAll, afterEach, beforeAll } from 'vitest'
import { startFakeProviders, type FakeProviders } from '../../support/fake-providers.ts'
import { callFake, type ClientRequest } from '../../support/https-client.ts'
import { createTestKey } from '../../support/test-keys.ts'

export const keys = {
  openai: createTestKey('openai', 'fakes'),
  anthropic: createTestKey('anthropic', 'fakes'),
  google: createTestKey('google', 'fakes'),
  groq: createTestKey('groq', 'fakes'),
}
export const CHAT = 'https://api.openai.com/v1/chat/completions'
export const MESSAGES = 'https://api.anthropic.com/v1/messages'
export const GEMINI = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash'
export const GROQ = 'https://api.groq.com/openai/v1/chat/completions'

/** Fake providers that take one key each, for the tests of a file. */
export function useFakes() {
  let started: FakeProviders | null = null
  const fakes = (): FakeProviders => {
    if (!started) throw new TypeError('They start before the first test.')
    return started
  }
  beforeAll(async () => {
    const { openai, anthropic, google, groq } = keys
    started = await startFakeProviders({
      keys: { openai: [openai], anthropic: [anthropic], google: [google], groq: [groq] },
    })
  })
  afterAll(() => fakes().close())
  afterEach(() => {
    fakes().reset()
  })
  const call = (url: string, request?: ClientRequest) => callFake(fakes(), url, request)
  return { fakes, call }
}

export const json = { 'content-type': 'application/json' }
export const bearer = (key: string) => ({ ...json, authorization: `Bearer ${key}` })
export const claude = (key: string) => ({ ...json, 'x-api-key': key, 'anthropic-version': '2023-06-01' })
export const chat = (more: object = {}) =>
  JSON.stringify({ model: 'gpt-5-mini', messages: [{ role: 'user', content: 'hi' }], ...more })
export const message = (more: object = {}) =>
  JSON.stringify({ max_tokens: 50, messages: [{ role: 'user', content: 'hi' }], ...more })
