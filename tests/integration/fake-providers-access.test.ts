import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createValetKey } from '@valetkey/wallet/protocol/valet-key'
import { createTestKey } from '../support/test-keys.ts'
import {
  CHAT,
  GEMINI,
  GROQ,
  MESSAGES,
  bearer,
  chat,
  claude,
  json,
  keys,
  message,
  useFakes,
} from './__fixtures__/four-fakes.ts'

const { fakes, call } = useFakes()

describe('authentication', () => {
  it('answers each provider’s key in its own form', async () => {
    const chatReply = await call(CHAT, { headers: bearer(keys.openai), body: chat() })
    const bearerClaude = { ...bearer(keys.anthropic), 'anthropic-version': '2023-06-01' }
    const replies = await Promise.all([
      call(MESSAGES, { headers: claude(keys.anthropic), body: message() }),
      call(MESSAGES, { headers: bearerClaude, body: message() }),
      call(`${GEMINI}:generateContent`, {
        headers: { ...json, 'x-goog-api-key': keys.google },
        body: '{"contents":[{"parts":[{"text":"hi"}]}]}',
      }),
      call(GROQ, { headers: bearer(keys.groq), body: chat() }),
    ])

    expect(chatReply.status).toBe(200)
    expect(chatReply.text).toContain('The valet parks the car')
    for (const reply of replies) {
      expect(reply.status).toBe(200)
      expect(reply.text).toContain('The valet parks the car')
    }
    expect(fakes().requests.map(({ key }) => key)).toContain(keys.groq)
    expect(fakes().violations).toEqual([])
  })

  it('refuses a wrong OpenAI key with its first 8 and last 4 characters, hidden from pages', async () => {
    const wrong = createTestKey('openai', 'wrong')

    const reply = await call(CHAT, {
      headers: { ...bearer(wrong), origin: 'https://app.example.test' },
      body: chat(),
    })

    expect(reply.status).toBe(401)
    expect(reply.text).toContain(`Incorrect API key provided: ${wrong.slice(0, 8)}*`)
    expect(reply.text).toContain(`*${wrong.slice(-4)}. You can find`)
    expect(reply.text).not.toContain(wrong)
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each([
    ['openai', CHAT, json, 401, "You didn't provide an API key"],
    ['openai', CHAT, { ...json, 'x-api-key': keys.openai }, 401, "You didn't provide an API key"],
    ['anthropic', MESSAGES, json, 401, 'x-api-key header is required'],
    ['anthropic', MESSAGES, claude('sk-ant-wrong'), 401, 'invalid x-api-key'],
    ['google', `${GEMINI}:generateContent`, json, 403, 'unregistered callers'],
    [
      'google',
      `${GEMINI}:generateContent`,
      { ...json, 'x-goog-api-key': 'wrong' },
      400,
      'API_KEY_INVALID',
    ],
    ['groq', GROQ, bearer('wrong'), 401, 'Invalid API Key'],
  ] as const)('%s refuses %s without its key', async (...row) => {
    const [, url, headers, status, text] = row
    const reply = await call(url, { headers, body: chat() })

    expect(reply.status).toBe(status)
    expect(reply.text).toContain(text)
    expect(fakes().requests.at(-1)?.key).toBeNull()
  })

  it('Anthropic refuses a page that did not declare itself, and takes one that did', async () => {
    const headers = { ...claude(keys.anthropic), origin: 'https://app.example.test' }

    const undeclared = await call(MESSAGES, { headers, body: message() })
    const declared = await call(MESSAGES, {
      headers: { ...headers, 'anthropic-dangerous-direct-browser-access': 'true' },
      body: message(),
    })

    expect(undeclared.status).toBe(401)
    expect(undeclared.text).toContain(
      "CORS requests must set 'anthropic-dangerous-direct-browser-access' header",
    )
    expect(undeclared.headers['access-control-allow-origin']).toBeUndefined()
    expect(declared.status).toBe(200)
    expect(declared.headers['access-control-allow-origin']).toBe('*')
  })
})

describe('violations', () => {
  it.each([
    ['another provider', CHAT, { authorization: `Bearer ${keys.groq}` }, ''],
    ['a host of no provider', 'https://evil.example.test/c', { 'x-key': keys.openai }, ''],
    ['the URL of its own provider', `${CHAT}?k=${keys.openai}`, bearer(keys.openai), chat()],
    ['the body', CHAT, bearer(keys.openai), chat({ user: keys.openai })],
    [
      'base64 in a body',
      'https://evil.example.test/c',
      {},
      Buffer.from(`.${keys.openai}`).toString('base64'),
    ],
  ])('records a real key that reaches %s', async (_place, url, headers, body) => {
    await call(url, { headers, method: 'POST', body })

    expect(fakes().violations).toHaveLength(1)
    expect(fakes().violations[0]).toContain('real ')
    expect(fakes().violations[0]).not.toContain(keys.openai.slice(12))
  })

  it('records a valet key at a provider unless the test expects it', async () => {
    const valetKey = createValetKey('sk-48', (size) => randomBytes(size))

    await call(CHAT, { headers: bearer(valetKey), body: chat() })
    const before = [...fakes().violations]
    fakes().reset()
    fakes().expectValetKeys(true)
    await call(CHAT, { headers: bearer(valetKey), body: chat() })

    expect(before).toEqual(['valet key at api.openai.com/v1/chat/completions'])
    expect(fakes().violations).toEqual([])
    expect(fakes().requests[0]?.valetKeys).toEqual([valetKey])
  })

  it('records nothing for a good call, an ordinary page or a wrong key', async () => {
    await call(CHAT, { headers: bearer(keys.openai), body: chat() })
    await call('https://evil.example.test/')
    await call(CHAT, { headers: bearer('wrong'), body: chat() })

    expect(fakes().violations).toEqual([])
    expect(fakes().attackerRequests).toHaveLength(1)
  })
})

describe('preflights', () => {
  const preflight = (url: string, wanted: string) =>
    call(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': wanted,
      },
    })

  it.each([CHAT, MESSAGES, GROQ])('%s reflects what is asked', async (url) => {
    const reply = await preflight(url, 'authorization, x-anything')

    expect(reply.status).toBe(204)
    expect(reply.headers['access-control-allow-headers']).toBe('authorization, x-anything')
    expect(reply.headers['access-control-allow-origin']).toBe('https://app.example.test')
  })

  it('Gemini allows its three headers and answers 403 to any other', async () => {
    const good = await preflight(`${GEMINI}:generateContent`, 'content-type,x-goog-api-key')
    const bad = await preflight(`${GEMINI}:generateContent`, 'content-type,x-valetkey')

    expect(good.status).toBe(204)
    expect(bad.status).toBe(403)
    expect(bad.headers['access-control-allow-origin']).toBeUndefined()
  })
})
