import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventSplitter, eventPayload, eventsIn } from './event-stream.ts'
import { latin1Of } from './key-matcher.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const text = (part: Uint8Array): string => new TextDecoder().decode(part)

function split(parts: readonly Uint8Array<ArrayBuffer>[]): { events: string[]; rest: string } {
  const splitter = new EventSplitter()
  const events = parts.flatMap((part) => eventsOf(splitter.push(part).bytes))
  return { events, rest: text(splitter.end()) }
}

function eventsOf(batch: Uint8Array<ArrayBuffer>): string[] {
  return [...eventsIn(latin1Of(batch))].map(({ start, end }) => text(batch.subarray(start, end)))
}

describe('the event splitter', () => {
  it('gives a read back whose bytes it copied, and none that holds something else', () => {
    const splitter = new EventSplitter()
    const [first, second, third] = [bytes('data: 1'), bytes('\n\ndata: 2'), bytes('x\n\n\n\n')]
    splitter.push(first)

    expect(text(splitter.push(second).bytes)).toBe('data: 1\n\n')
    expect(second.buffer.byteLength).toBe(0)
    expect(text(splitter.push(third.subarray(1, 3)).bytes)).toBe('data: 2\n\n')
    expect(third.buffer.byteLength).toBe(5)
  })

  for (const [name, end] of Object.entries({ LF: '\n', CRLF: '\r\n', CR: '\r' })) {
    it(`cuts events whose lines end in ${name}, at every byte split`, () => {
      const stream = bytes(
        `event: a${end}data: 1${end}${end}: ping${end}${end}data: é2${end}${end}`,
      )
      for (let cut = 0; cut <= stream.length; cut++) {
        const { events, rest } = split([stream.slice(0, cut), stream.slice(cut)])

        // A CR may turn out to be half of CR LF: its other half then stands alone.
        const whole = events.filter((event) => event !== '\n')
        expect(whole.map((event) => eventPayload(bytes(event)))).toEqual(['1', '', 'é2'])
        expect(events.join('') + rest).toBe(text(stream))
      }
    })
  }

  it('loses and invents no byte, whatever comes in whatever parts', () => {
    const character = fc.constantFrom('\r', '\n', 'd', 'data: ', ':', ' ')
    fc.assert(
      fc.property(fc.array(fc.array(character).map((all) => bytes(all.join('')))), (parts) => {
        const whole = parts.map(text).join('')
        const { events, rest } = split(parts)

        expect(events.join('') + rest).toBe(whole)
      }),
    )
  })

  it('gives an event on as soon as its blank line is there', () => {
    const splitter = new EventSplitter()

    expect(text(splitter.push(bytes('data: 1\n')).bytes)).toBe('')
    expect(text(splitter.push(bytes('\ndata: 2')).bytes)).toBe('data: 1\n\n')
  })

  it('takes a read of nothing for no end of a line', () => {
    const splitter = new EventSplitter()
    const reads = ['data: 1', '', '\n', '\n'].map((part) => text(splitter.push(bytes(part)).bytes))

    expect(reads).toEqual(['', '', '', 'data: 1\n\n'])
  })

  it('gives all events of one read on together, and none of the open one', () => {
    const { bytes: batch } = new EventSplitter().push(bytes('data: 1\n\ndata: 2\n\ndata: 3\n'))

    expect(text(batch)).toBe('data: 1\n\ndata: 2\n\n')
    expect(eventsOf(batch)).toEqual(['data: 1\n\n', 'data: 2\n\n'])
  })

  it('reports an event that grows past every bound', () => {
    const splitter = new EventSplitter()
    const megabyte = new Uint8Array(1024 * 1024).fill(0x61)
    let overflow = false
    for (let pushed = 0; pushed < 33; pushed++) overflow = splitter.push(megabyte).overflow

    expect(overflow).toBe(true)
  })

  it('joins data lines and drops one space after the colon, as the standard says', () => {
    expect(eventPayload(bytes('data: a\ndata:b\ndata:  c\nid: 7\n\n'))).toBe('a\nb\n c')
  })
})
