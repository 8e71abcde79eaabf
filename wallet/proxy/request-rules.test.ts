import { describe, expect, it } from 'vitest'
import { isWalletError, type ProviderKey } from '../protocol/index.ts'
import { matchEndpoint, providerById } from '../providers/index.ts'
import { KeyMatcher } from './key-matcher.ts'
import { maskErrorBody } from './mask-error-body.ts'
import { outgoingUrl } from './outgoing-url.ts'
import { replyHeaders } from './reply-headers.ts'
import { parseBody } from './request-body.ts'
import { outgoingHeaders } from './request-headers.ts'

const SECRET = ['sk-', 'aB3dE6gH9jK2mN5pQ8sT'].join('') as ProviderKey
const openai = providerById('openai')
const chat = endpointOf('https://api.openai.com/v1/chat/completions')
const transcription = endpointOf('https://api.openai.com/v1/audio/transcriptions')

function endpointOf(url: string) {
  const match = matchEndpoint(openai, 'POST', new URL(url))
  if (match.outcome !== 'endpoint') throw new TypeError(url)
  return match.endpoint
}

function sent(headers: [string, string][], provider = openai): Record<string, string> {
  const sending = outgoingHeaders(headers, { provider, endpoint: chat }, SECRET)
  const all: Record<string, string> = {}
  sending.forEach((value, name) => {
    all[name] = value
  })
  return all
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    return isWalletError(error) ? error.code : String(error)
  }
  return undefined
}

describe('request headers', () => {
  it('sends one credential, ours, whatever credentials the page sent (C33)', () => {
    const headers = sent([
      ['AUTHORIZATION', 'Bearer page'],
      ['authorization', 'Bearer page again'],
      ['x-api-key', 'page'],
      ['X-Goog-Api-Key', 'page'],
      ['api-key', 'page'],
      ['Cookie', 'a=b'],
      ['Host', 'evil.test'],
      ['Origin', 'https://app.example.test'],
      ['OpenAI-Organization', 'org-x'],
      ['X-Forwarded-For', '127.0.0.1'],
      ['Content-Type', 'text/plain'],
    ])

    expect(headers['authorization']).toBe(`Bearer ${SECRET}`)
    expect(JSON.stringify(headers)).not.toContain('page')
    for (const name of [
      'cookie',
      'host',
      'origin',
      'openai-organization',
      'x-api-key',
      'api-key',
    ]) {
      expect(headers[name]).toBeUndefined()
    }
  })

  it('keeps what SDKs and providers need', () => {
    const anthropic = sent(
      [
        ['anthropic-version', '2023-06-01'],
        ['anthropic-beta', 'x'],
        ['X-Stainless-Lang', 'js'],
      ],
      providerById('anthropic'),
    )

    expect(anthropic).toMatchObject({
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'x',
      'x-stainless-lang': 'js',
      'anthropic-dangerous-direct-browser-access': 'true',
    })
  })

  it.each([
    ['x-a', 'one\r\nx-b: two'],
    ['x-a', 'nul\0'],
    ['x-a', 'snow ☃'],
    ['x a', 'space in the name'],
    ['', 'no name'],
  ])('refuses a header no client could send: %j %j (C32)', (name, value) => {
    expect(codeOf(() => sent([[name, value]]))).toBe('request.invalid')
  })

  it('refuses a method override (C31)', () => {
    expect(codeOf(() => sent([['X-HTTP-Method-Override', 'DELETE']]))).toBe('request.invalid')
    expect(
      codeOf(() => outgoingUrl(new URL('https://api.openai.com/v1/models?_METHOD=DELETE'))),
    ).toBe('request.invalid')
  })
})

describe('the request URL', () => {
  it('loses every credential parameter and nothing else (C34)', () => {
    const url = new URL('https://h.test/v1?key=a&API_KEY=b&alt=sse&key=c&access_token=d&pageSize=2')

    expect(outgoingUrl(url).search).toBe('?alt=sse&pageSize=2')
  })
})

describe('the request body', () => {
  const parse = (text: string) => parseBody(chat, { kind: 'text', text }, 'application/json')

  it.each([
    ['a repeated model', '{"model":"a","model":"b"}'],
    ['a repeated model behind an escape', '{"model":"a","mod\\u0065l":"b"}'],
    ['__proto__', '{"model":"a","__proto__":{}}'],
    ['a byte order mark', '\uFEFF{"model":"a"}'],
    ['an integer no double holds', '{"model":"a","n":9007199254740993}'],
    ['endless nesting', `{"model":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['an array', '[]'],
    ['no JSON', 'model=a'],
  ])('refuses %s (C41)', async (_name, text) => {
    await expect(parse(text)).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('drops a credential in the body (C34)', async () => {
    expect(await parse('{"model":"a","api_key":"x","key":"y"}')).toEqual({
      kind: 'json',
      json: { model: 'a' },
    })
  })

  it('refuses a form with a second model (C42)', async () => {
    const form = new FormData()
    form.append('model', 'whisper-1')
    form.append('model', 'gpt-5')
    const request = new Response(form)
    const body = {
      kind: 'bytes',
      bytes: new Uint8Array(await request.clone().arrayBuffer()),
    } as const

    const parsing = parseBody(transcription, body, request.headers.get('content-type') ?? '')

    await expect(parsing).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('reads the text fields of a form and keeps its file', async () => {
    const form = new FormData()
    form.append('model', 'whisper-1')
    form.append('file', new Blob(['sound']), 'a.wav')
    const request = new Response(form)
    const body = {
      kind: 'bytes',
      bytes: new Uint8Array(await request.clone().arrayBuffer()),
    } as const

    const parsed = await parseBody(transcription, body, request.headers.get('content-type') ?? '')

    expect(parsed).toMatchObject({ kind: 'form', json: { model: 'whisper-1' } })
    expect(parsed.kind === 'form' && parsed.form.get('file')).toBeInstanceOf(Blob)
  })

  it('takes a form in its parts by the same rules, and passes its file on unread (C34, C42)', async () => {
    const file = {
      get arrayBuffer(): never {
        throw new TypeError('it was read')
      },
    }
    const blob = Object.defineProperties(
      new Blob(['sound']),
      Object.getOwnPropertyDescriptors(file),
    )
    const model = { name: 'model', text: 'whisper-1' }
    const fields = [
      model,
      { name: 'api_key', text: 'x' },
      { name: 'file', blob, filename: 'a.wav' },
    ]

    const parsed = await parseBody(transcription, { kind: 'form', fields }, 'text/plain')
    const twice = parseBody(transcription, { kind: 'form', fields: [model, model] }, '')

    expect(parsed).toMatchObject({ kind: 'form', json: { model: 'whisper-1' } })
    expect(parsed.kind === 'form' && [...parsed.form.keys()]).toEqual(['model', 'file'])
    expect(parsed.kind === 'form' && parsed.form.get('file')).toMatchObject({
      name: 'a.wav',
      size: 5,
    })
    await expect(twice).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('refuses a form where the endpoint takes JSON', async () => {
    const form = { kind: 'form', fields: [{ name: 'model', text: 'a' }] } as const

    await expect(parseBody(chat, { ...form, fields: [...form.fields] }, '')).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  it('refuses a form past the limit before reading it (C62)', async () => {
    const blob = { size: 65 * 1024 * 1024 } as Blob
    const fields = [{ name: 'file', blob, filename: 'a' }]

    await expect(parseBody(transcription, { kind: 'form', fields }, '')).rejects.toMatchObject({
      code: 'request.too_large',
    })
  })

  it('refuses a body past the limit before reading it (C62)', async () => {
    const blob = { size: 65 * 1024 * 1024 } as Blob

    await expect(parseBody(chat, { kind: 'blob', blob }, '')).rejects.toMatchObject({
      code: 'request.too_large',
    })
  })
})

describe('reply headers (C36)', () => {
  it('pass on what an SDK reads and nothing that acts on the page', () => {
    const headers = new Headers({
      'content-type': 'text/event-stream',
      'x-request-id': 'r1',
      'x-ratelimit-remaining-tokens': '9',
      'retry-after': '2',
      location: 'https://evil.test',
      link: '<https://evil.test>; rel=preload',
      'clear-site-data': '"*"',
      'content-encoding': 'gzip',
      refresh: '0',
      'openai-organization': 'someone',
    })
    headers.append('set-cookie', 'a=b')

    expect(
      replyHeaders(headers, new KeyMatcher(SECRET))
        .map(([name]) => name)
        .sort(),
    ).toEqual(['content-type', 'retry-after', 'x-ratelimit-remaining-tokens', 'x-request-id'])
  })

  it('lose a header that echoes the key', () => {
    const headers = new Headers({ 'x-request-id': `req ${SECRET}` })

    expect(replyHeaders(headers, new KeyMatcher(SECRET))).toEqual([])
  })
})

describe('error bodies (C35, C111)', () => {
  it.each([
    [`Incorrect API key provided: ${SECRET}.`, 'a whole key'],
    ['Incorrect API key provided: sk-abcde***************wxyz.', 'a masked key'],
    ['key xai-ab...b14o is wrong', 'a shortened key'],
    [`key ${['sk-', 'zzzzzzzzzzzzzzzzzzzzzzzzzzz'].join('')}`, 'another key of that shape'],
  ])('lose what looks like a key: %s', (message) => {
    const masked = maskErrorBody(JSON.stringify({ error: { message } }))

    expect(masked).toContain('***')
    expect(masked).not.toMatch(/wxyz|b14o|zzzz|aB3d/)
  })

  it('keep everything else', () => {
    const body =
      '{"error":{"message":"The model `gpt-9` does not exist","type":"invalid_request_error"}}'

    expect(maskErrorBody(body)).toBe(body)
  })
})
