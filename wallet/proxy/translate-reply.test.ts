import { handleUniversalStreamRequest } from 'llm-bridge'
import { describe, expect, it } from 'vitest'
import { isJsonObject, parseJson, type JsonObject } from '../protocol/index.ts'
import { eventsOf, readFixture } from '../providers/__fixtures__/read-fixture.ts'
import {
  readUnifiedModel,
  translateChat,
  type ReplyTranslator,
} from '../providers/translate/index.ts'
import type { CallReply } from './call.ts'
import { translateReply } from './translate-reply.ts'

const MODELS = {
  anthropic: 'anthropic/claude-sonnet-5',
  google: 'google/gemini-3.5-flash',
} as const
/** Thousands of streams, one for each byte. */
const SLOW = { timeout: 60_000 }
const STREAMS = [
  ['anthropic', 'anthropic/messages.sse'],
  ['anthropic', 'anthropic/tools.sse'],
  ['google', 'google/stream.sse'],
  ['google', 'google/tools.sse'],
] as const

function repliesOf(provider: keyof typeof MODELS): ReplyTranslator {
  const request = {
    ...{ model: MODELS[provider], messages: [], stream: true },
    stream_options: { include_usage: true },
  }
  const { replies } = translateChat(request, readUnifiedModel(request))
  if (!replies) throw new TypeError(provider)
  return replies({ id: 'c1', createdAt: 7 })
}

function reply(
  parts: Iterable<Uint8Array<ArrayBuffer>>,
  { status = 200, type = 'text/event-stream' } = {},
): CallReply {
  const body = new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
  return { kind: 'response', status, statusText: '', headers: [['content-type', type]], body }
}

async function textOf(given: CallReply): Promise<string> {
  if (given.kind !== 'response') throw new TypeError(given.kind)
  return new Response(given.body).text()
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

/**
 * What of a stream is one meaning however it is spelled. The other translator writes thoughts among the
 * words, counts neither cached tokens nor thoughts, and spells out no empty arguments.
 */
function meaningOf(text: string) {
  const calls: { name: string; args: string }[] = []
  const meaning = { text: '', finish: [] as unknown[], done: false }
  for (const data of eventsOf(text)) {
    if (data === '[DONE]') meaning.done = true
    const event = parseJson(data)
    if (!isJsonObject(event)) continue
    const choice = (Array.isArray(event['choices']) ? event['choices'][0] : null) ?? null
    if (!isJsonObject(choice)) continue
    if (choice['finish_reason'] != null) meaning.finish.push(choice['finish_reason'])
    const delta: JsonObject = isJsonObject(choice['delta']) ? choice['delta'] : {}
    for (const words of [delta['content'], delta['reasoning_content']]) {
      if (typeof words === 'string') meaning.text += words
    }
    for (const call of Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : []) {
      const named = isJsonObject(call) ? call['function'] : null
      if (!isJsonObject(named)) continue
      if (typeof named['name'] === 'string' && named['name'] !== '') {
        calls.push({ name: named['name'], args: '' })
      }
      const last = calls.at(-1)
      if (last && typeof named['arguments'] === 'string') last.args += named['arguments']
    }
  }
  return {
    ...meaning,
    calls: calls.map(({ name, args }) => [name, args === '' ? {} : parseJson(args)]),
  }
}

describe.each(STREAMS)('a stream of %s (%s)', (provider, path) => {
  const bytes = bytesOf(readFixture(path))

  it('is the same wherever the network cuts it, line ends of either kind', SLOW, async () => {
    const whole = await textOf(await translateReply(reply([bytes]), repliesOf(provider)))
    for (let at = 1; at < bytes.length; at++) {
      const parts = [bytes.slice(0, at), bytes.slice(at)]
      expect(await textOf(await translateReply(reply(parts), repliesOf(provider)))).toBe(whole)
    }
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect(await textOf(await translateReply(reply(single), repliesOf(provider)))).toBe(whole)
    const crlf = bytesOf(readFixture(path).replaceAll('\n', '\r\n'))
    expect(await textOf(await translateReply(reply([crlf]), repliesOf(provider)))).toBe(whole)
    expect(whole.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  it('says what llm-bridge makes of it', async () => {
    const ours = meaningOf(await textOf(await translateReply(reply([bytes]), repliesOf(provider))))
    const stream = new Response(bytes).body
    if (!stream) throw new TypeError('no body')
    const theirs = meaningOf(
      await new Response(handleUniversalStreamRequest(stream, provider, 'openai')).text(),
    )

    expect(ours).toEqual(theirs)
  })

  it('that breaks off has no end', async () => {
    const cut = bytes.slice(0, bytes.length >> 1)
    const text = await textOf(await translateReply(reply([cut]), repliesOf(provider)))

    expect(text).toContain('"assistant"')
    expect(text).not.toContain('[DONE]')
  })
})

describe('a reply', () => {
  const json = { type: 'application/json' }

  it('that is whole is translated whole, with the id of the request under OpenAI’s name', async () => {
    const given = reply([bytesOf(readFixture('anthropic/messages.json'))], json)
    if (given.kind === 'response') given.headers.push(['request-id', 'req_1'])

    const translated = await translateReply(given, repliesOf('anthropic'))

    expect(translated).toMatchObject({ status: 200 })
    expect(translated.kind === 'response' && Object.fromEntries(translated.headers)).toEqual({
      ...{ 'content-type': 'application/json', 'request-id': 'req_1', 'x-request-id': 'req_1' },
    })
    expect(parseJson(await textOf(translated))).toMatchObject({
      choices: [{ message: { content: 'Hello!' } }],
    })
  })

  it.each([
    ['anthropic', 'anthropic/error-529.json', 529, 'Overloaded'],
    ['google', 'google/error-400-key.json', 400, 'API key not valid. Please pass a valid API key.'],
  ] as const)(
    'that is a refusal of %s keeps its status and its words',
    async (id, path, status, message) => {
      const given = reply([bytesOf(readFixture(path))], { ...json, status })

      const translated = await translateReply(given, repliesOf(id))

      expect(translated).toMatchObject({ status, headers: [['content-type', 'application/json']] })
      expect(parseJson(await textOf(translated))).toMatchObject({ error: { message } })
    },
  )

  it('of OpenAI’s form passes as it is', async () => {
    const given = reply([bytesOf('data: {"any":1}\n\n')])

    expect(await translateReply(given, null)).toBe(given)
  })

  it('that is no JSON is an error with a code', async () => {
    const given = reply([bytesOf('<html>')], json)

    await expect(translateReply(given, repliesOf('google'))).rejects.toMatchObject({
      code: 'provider.unavailable',
    })
  })

  it('is pulled as it is read, and given up when its reader gives up', async () => {
    let pulls = 0
    let reason: unknown
    const event = bytesOf(
      'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n',
    )
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          pulls += 1
          controller.enqueue(event)
        },
        cancel(given: unknown) {
          reason = given
        },
      },
      { highWaterMark: 0 },
    )
    const head = { kind: 'response', status: 200, statusText: '' } as const
    const headers: [string, string][] = [['content-type', 'text/event-stream']]
    const translated = await translateReply({ ...head, headers, body }, repliesOf('anthropic'))
    const reader = translated.kind === 'response' ? translated.body?.getReader() : undefined

    for (let read = 0; read < 3; read++) await reader?.read()
    await reader?.cancel('enough')

    expect([pulls, reason]).toEqual([3, 'enough'])
  })

  it('that fails midway fails for its reader, after what was said', async () => {
    const parts = readFixture('anthropic/overloaded.sse')
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start(controller) {
          controller.enqueue(bytesOf(parts))
        },
        pull(controller) {
          controller.error(new TypeError('reset'))
        },
      },
      { highWaterMark: 1 },
    )
    const head = { kind: 'response', status: 200, statusText: '' } as const
    const headers: [string, string][] = [['content-type', 'text/event-stream']]
    const translated = await translateReply({ ...head, headers, body }, repliesOf('anthropic'))
    const reader = translated.kind === 'response' ? translated.body?.getReader() : undefined

    const first = await reader?.read()

    expect(new TextDecoder().decode(first?.value)).toContain('"type":"overloaded_error"')
    await expect(reader?.read()).rejects.toThrow('reset')
  })
})
