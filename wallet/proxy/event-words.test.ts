import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FUZZED, tryInputs } from '../testing/fuzz.ts'
import { EventWords, type SeenWords } from './event-words.ts'

const MARKS = [{ word: '"usage"', opensObject: true }, { word: '[DONE]' }] as const

function look(text: string): SeenWords {
  return new EventWords(MARKS).read(new TextEncoder().encode(text))
}

describe('the generated text seen in a reply', () => {
  it.each([
    ['an OpenAI chunk', { choices: [{ delta: { content: 'Hello' } }] }, 5],
    [
      'an Anthropic delta',
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } },
      5,
    ],
    ['a Responses delta', { type: 'response.output_text.delta', delta: 'Hello' }, 5],
    [
      'a Gemini chunk',
      { candidates: [{ content: { parts: [{ text: 'Hel' }, { text: 'lo' }] } }] },
      5,
    ],
    ['text with quotes and backslashes', { content: 'a"b\\' }, 6],
    ['reasoning', { delta: { reasoning_content: 'Hello' } }, 5],
    ['thoughts', { delta: { thinking: 'Hello' } }, 5],
    ['nothing generated', { usage: { prompt_tokens: 3 } }, 0],
  ])('is counted in %s', (_name, value, length) => {
    expect(look(JSON.stringify(value)).textLength).toBe(length)
    expect(look(JSON.stringify(value, null, 2)).textLength).toBe(length)
  })

  it('is counted to the end of a string that was cut', () => {
    expect(look('{"content":"abc').textLength).toBe(3)
  })
})

describe('what may report usage', () => {
  it.each([
    ['data: {"usage":{"a":1}}', [7]],
    ['data: {"usage" :\t\r\n {"a":1}}', [7]],
    ['data: {"usage":null}', []],
    ['data: {"usage":[{}]}', []],
    ['data: {"usage"', []],
    ['data: [DONE]', [6]],
    ['[DONE] {"usage":{}} [DONE]', [0, 8, 20]],
    ['', []],
  ])('is found in %s', (text, places) => {
    expect(look(text).marked).toEqual(places)
  })
})

describe('events that repeat themselves', () => {
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', ' car', 'word', 'é', 'a longer text') },
    fc.constantFrom('[DONE]', '"usage":{', '"text":"x"', '\\', '"', 'usage', 'text', '\n\n'),
  )
  const event = fc.oneof(
    {
      weight: 6,
      arbitrary: text.map((content) => ({ choices: [{ delta: { content } }], usage: null })),
    },
    text.map((content) => ({ type: 'delta', delta: content })),
    fc.constantFrom({ choices: [], usage: { a: 1 } }, { choices: [] }),
  )

  it('are counted and found as if each came alone', FUZZED, async () => {
    await tryInputs(
      4000,
      fc.property(fc.array(event, { maxLength: 20 }), fc.nat(), (events, cut) => {
        const texts = events.map((value) => `data: ${JSON.stringify(value)}\n\n`)
        const alone = texts.map(look)
        const whole = look(texts.join(''))

        expect(whole.textLength).toBe(sum(alone.map(({ textLength }) => textLength)))
        const offsets = texts.map((_, index) => bytesIn(texts.slice(0, index)))
        expect(whole.marked).toEqual(
          alone.flatMap(({ marked }, index) => marked.map((at) => at + (offsets[index] ?? 0))),
        )

        // What was learned in one read serves the next.
        const words = new EventWords(MARKS)
        const place = cut % (texts.length + 1)
        const reads = [texts.slice(0, place), texts.slice(place)].map((part) =>
          words.read(new TextEncoder().encode(part.join(''))),
        )
        expect(sum(reads.map(({ textLength }) => textLength))).toBe(whole.textLength)
        expect(sum(reads.map(({ marked }) => marked.length))).toBe(whole.marked.length)
      }),
    )
  })
})

const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0)
const bytesIn = (texts: readonly string[]): number => Buffer.byteLength(texts.join(''))
