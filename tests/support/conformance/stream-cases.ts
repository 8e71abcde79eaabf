/** `Response.body` as a readable byte stream. */
import {
  ENDLESS_PLAN,
  STREAM_PLAN,
  TEXT_PLAN,
  outcomeOf,
  readAll,
  type ConformanceCase,
  type Plan,
} from './case.ts'

type Body = ReadableStream<Uint8Array<ArrayBuffer>>

function body(
  section: string,
  title: string,
  plan: Plan,
  look: (body: Body) => unknown,
): ConformanceCase {
  return {
    section: `Streams ${section}`,
    title,
    run: ({ url, headers }) =>
      outcomeOf(async () => {
        const reply = await fetch(url(plan), { headers })
        return reply.body ? look(reply.body) : null
      }),
  }
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return readAll(new Response(stream as Body))
}

export const STREAM_CASES: readonly ConformanceCase[] = [
  body('4.2', 'getReader locks', TEXT_PLAN, (stream) => {
    stream.getReader()
    return [stream.locked, Object.prototype.toString.call(stream)]
  }),
  body('4.2', 'a second reader is refused', TEXT_PLAN, (stream) => {
    stream.getReader()
    return outcomeOf(() => stream.getReader())
  }),
  body('4.2', 'chunks are Uint8Arrays of their own buffer', TEXT_PLAN, async (stream) => {
    const { value } = await stream.getReader().read()
    return [
      value instanceof Uint8Array,
      value?.byteOffset,
      value?.length === value?.buffer.byteLength,
    ]
  }),
  body('4.2', 'for await', STREAM_PLAN, async (stream) => {
    let text = ''
    for await (const part of stream as unknown as AsyncIterable<Uint8Array>)
      text += new TextDecoder().decode(part)
    return [text, stream.locked]
  }),
  body('4.2', 'leaving a loop cancels', ENDLESS_PLAN, async (stream) => {
    for await (const part of stream as unknown as AsyncIterable<Uint8Array>)
      if (part.length > 0) break
    return [stream.locked, await outcomeOf(async () => (await stream.getReader().read()).done)]
  }),
  body('4.2', 'values({preventCancel}) keeps the rest', STREAM_PLAN, async (stream) => {
    const parts = stream as unknown as { values(options: object): AsyncIterable<Uint8Array> }
    for await (const part of parts.values({ preventCancel: true })) if (part.length > 0) break
    return (await textOf(stream)).endsWith('[DONE]\n\n')
  }),
  body('4.2', 'tee', STREAM_PLAN, async (stream) => {
    const [left, right] = stream.tee()
    return [stream.locked, await textOf(left), await textOf(right)]
  }),
  body('4.2', 'tee: one branch cancelled', STREAM_PLAN, async (stream) => {
    const [left, right] = stream.tee()
    void left.cancel()
    return textOf(right)
  }),
  body('4.2', 'pipeThrough', STREAM_PLAN, async (stream) => {
    let text = ''
    const decoded = stream.pipeThrough(new TextDecoderStream())
    await decoded.pipeTo(
      new WritableStream({
        write: (part) => {
          text += part
        },
      }),
    )
    return text
  }),
  body('4.2', 'pipeTo with a signal', ENDLESS_PLAN, (stream) =>
    outcomeOf(() => stream.pipeTo(new WritableStream(), { signal: AbortSignal.timeout(80) })),
  ),
  body('4.2', 'pipeTo a sink that fails', ENDLESS_PLAN, (stream) =>
    outcomeOf(() =>
      stream.pipeTo(
        new WritableStream({
          write: () => {
            throw new RangeError('full')
          },
        }),
      ),
    ),
  ),
  body('4.2', 'cancel', ENDLESS_PLAN, async (stream) => {
    const cancelled = await outcomeOf(() => stream.cancel())
    return [cancelled, stream.locked, (await stream.getReader().read()).done]
  }),
  body('4.2', 'cancel of what is locked', TEXT_PLAN, (stream) => {
    stream.getReader()
    return outcomeOf(() => stream.cancel())
  }),
  body('4.3', 'read after the end', TEXT_PLAN, async (stream) => {
    const reader = stream.getReader()
    while (!(await reader.read()).done);
    return [await reader.read(), await outcomeOf(() => reader.closed)]
  }),
  body('4.3', 'several reads at once', STREAM_PLAN, async (stream) => {
    const reader = stream.getReader()
    const parts = await Promise.all([reader.read(), reader.read()])
    return parts.map(({ done }) => done)
  }),
  body('4.3', 'releaseLock and a new reader', STREAM_PLAN, async (stream) => {
    const first = stream.getReader()
    await first.read()
    first.releaseLock()
    return [
      stream.locked,
      (await stream.getReader().read()).done,
      await outcomeOf(() => first.read()),
    ]
  }),
  body('4.3', 'releaseLock while a read waits', ENDLESS_PLAN, async (stream) => {
    const reader = stream.getReader()
    await reader.read()
    const waiting = outcomeOf(() => reader.read())
    reader.releaseLock()
    return waiting
  }),
  body('4.3', 'a reader cancels', ENDLESS_PLAN, async (stream) => {
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel('enough')
    return [await outcomeOf(() => reader.closed), (await reader.read()).done]
  }),
  body('4.5', 'a BYOB reader', TEXT_PLAN, async (stream) => {
    const reader = stream.getReader({ mode: 'byob' })
    const { value, done } = await reader.read(new Uint8Array(16))
    return [done, new TextDecoder().decode(value), value?.buffer.byteLength]
  }),
  body('4.5', 'a BYOB reader at the end', TEXT_PLAN, async (stream) => {
    const reader = stream.getReader({ mode: 'byob' })
    let part = await reader.read(new Uint8Array(16))
    while (!part.done) part = await reader.read(new Uint8Array(16))
    return [part.done, part.value?.length]
  }),
  body('4.5', 'a BYOB reader with a least length', STREAM_PLAN, async (stream) => {
    const reader = stream.getReader({ mode: 'byob' })
    const read = reader.read.bind(reader) as (
      view: Uint8Array,
      options: object,
    ) => Promise<{ value?: Uint8Array }>
    const { value } = await read(new Uint8Array(18), { min: 18 })
    return new TextDecoder().decode(value)
  }),
  body('4.5', 'an empty view', TEXT_PLAN, (stream) => {
    const reader = stream.getReader({ mode: 'byob' })
    return outcomeOf(() => reader.read(new Uint8Array(0)))
  }),
  {
    section: 'Streams 4.2',
    title: 'the first piece is there before the last is sent',
    async run({ url, headers }) {
      const reply = await fetch(url(STREAM_PLAN), { headers })
      const reader = reply.body?.getReader()
      const first = (await reader?.read())?.value?.length ?? 0
      let rest = 0
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        rest += part.value.length
      }
      return [first < 20, first + rest]
    },
  },
]
