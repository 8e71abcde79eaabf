import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { cutAt } from './__fixtures__/cut-at.ts'
import { EventSplitter, eventPayload, eventsIn } from './event-stream.ts'
import { latin1Of } from './key-matcher.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * What an `EventSource` would tell of a stream: WHATWG HTML §9.2.6, line by line. Events without data
 * are told as nothing, and an event the stream ends in is dropped, as the standard says.
 */
function payloadsByTheStandard(stream: string): readonly string[] {
  const payloads: string[] = []
  let data: string[] = []
  const lines = stream.split(/\r\n|\r|\n/)
  // What stands behind the last line end is no line yet.
  lines.pop()
  for (const line of lines) {
    if (line === '') {
      if (data.length > 0) payloads.push(data.join('\n'))
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
  }
  return payloads
}

/** The payloads of the complete events, and every byte that passed. */
function payloadsOf(parts: readonly Bytes[]): { payloads: string[]; bytes: Buffer } {
  const splitter = new EventSplitter()
  const passed: Bytes[] = []
  const payloads: string[] = []
  for (const part of parts) {
    const { bytes } = splitter.push(part)
    passed.push(bytes)
    for (const { start, end } of eventsIn(latin1Of(bytes))) {
      const payload = eventPayload(bytes.subarray(start, end))
      if (payload !== '') payloads.push(payload)
    }
  }
  return { payloads, bytes: Buffer.concat([...passed, splitter.end()]) }
}

const lineEnd = fc.constantFrom('\n', '\r', '\r\n')
const value = fc.oneof(
  fc.constantFrom('{"a":1}', ' two words', ':', 'é𝄞', '[DONE]', 'data: x'),
  fc.string({ maxLength: 8 }),
)
const line = fc
  .tuple(fc.constantFrom('data:', 'data: ', 'event: ', ':', 'id:', 'retry:', 'Data:', ''), value)
  // A byte order mark would be dropped at the start of each event.
  .map(([field, text]) => field + text)
const stream = fc
  .array(
    fc
      .tuple(fc.oneof({ weight: 3, arbitrary: line }, fc.constant('')), lineEnd)
      .map(([text, end]) => text + end),
    { maxLength: 16 },
  )
  .map((lines) => lines.join(''))
const cuts = fc.array(fc.nat(), { maxLength: 12 })

describe('whatever event stream a provider sends, however the network cuts it', () => {
  it('is read as the standard reads it, and no byte is lost (C76)', FUZZED, async () => {
    await tryInputs(
      5000,
      fc.property(stream, cuts, (text, places) => {
        const bytes = Buffer.from(text)
        const { payloads, bytes: passed } = payloadsOf(cutAt(bytes, places))

        expect(passed.equals(bytes)).toBe(true)
        // A payload of nothing says nothing of usage: the reader is not shown it.
        expect(payloads).toEqual(payloadsByTheStandard(text).filter((payload) => payload !== ''))
      }),
    )
  })

  it('is read as one piece at every pair of cuts', () => {
    const text = 'event: a\r\ndata: é\rdata: 2\n\r\n: ping\n\ndata:[DONE]\r\r'
    const bytes = Buffer.from(text)
    const whole = payloadsByTheStandard(text)
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        expect(payloadsOf(cutAt(bytes, [first, second])).payloads).toEqual(whole)
      }
    }
  })
})
