import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { utf8 } from '../crypto/index.ts'
import { replyPieces } from './reply-pieces.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A provider's reply, and the pieces that have left so far. */
function open(mayRead: () => Promise<boolean> = () => Promise.resolve(true)) {
  const { readable, writable } = new TransformStream<
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>
  >(undefined, undefined, { highWaterMark: 1 })
  const source = writable.getWriter()
  const left: string[] = []
  const over = (async () => {
    for await (const piece of replyPieces(readable.getReader(), mayRead)) {
      left.push(new TextDecoder().decode(piece))
    }
  })()
  return {
    left,
    over,
    say: async (text: string): Promise<void> => {
      void source.write(utf8(text))
      await vi.advanceTimersByTimeAsync(0)
    },
    end: async (error?: Error): Promise<void> => {
      void (error ? source.abort(error) : source.close())
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

describe('the pieces of a relayed reply', () => {
  it('leave at once where none left within 50 ms, and together where one did', async () => {
    const { say, left } = open()
    await say('one ')
    expect(left).toEqual(['one '])
    await say('two ')
    await say('three ')
    await vi.advanceTimersByTimeAsync(49)
    expect(left).toEqual(['one '])
    await vi.advanceTimersByTimeAsync(1)
    expect(left).toEqual(['one ', 'two three '])
    await vi.advanceTimersByTimeAsync(50)
    await say('four')
    expect(left).toEqual(['one ', 'two three ', 'four'])
  })

  it('leave without waiting once there are 4 KiB', async () => {
    const { say, left } = open()
    await say('x')
    await say('y'.repeat(4095))
    expect(left).toEqual(['x'])
    await say('z')
    expect(left).toEqual(['x', `${'y'.repeat(4095)}z`])
  })

  it('are all there when the reply ends, and when it breaks off', async () => {
    const whole = open()
    await whole.say('a')
    await whole.say('b')
    await whole.end()
    await whole.over
    expect(whole.left).toEqual(['a', 'b'])

    const broken = open()
    await broken.say('a')
    await broken.say('b')
    const failed = expect(broken.over).rejects.toThrow('cut')
    await broken.end(new Error('cut'))
    await failed
    expect(broken.left).toEqual(['a', 'b'])
  })

  it('are no more than the app reads', async () => {
    const answers = [true, false]
    const { say, left, over } = open(() => Promise.resolve(answers.shift() ?? false))
    await say('a')
    await over
    expect(left).toEqual(['a'])
  })
})
