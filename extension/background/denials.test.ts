import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '@valetkey/wallet/testing'
import { Denials, type denialsSchema } from './denials.ts'
import type * as z from 'zod/mini'

const APP = 'https://app.example.test'
const clock = createFakeClock(1_800_000_000_000)
let kept: z.infer<typeof denialsSchema>
let denials: Denials

beforeEach(() => {
  kept = {}
  denials = new Denials(
    { read: () => Promise.resolve(kept), write: (next) => Promise.resolve(void (kept = next)) },
    clock.now,
  )
})

describe('Denials (C55)', () => {
  it('lets an app ask that was never refused', async () => {
    expect(await denials.wait(APP)).toBe(0)
  })

  it('keeps an app still for longer with every no, and others not at all', async () => {
    const waits: number[] = []
    for (let count = 0; count < 4; count += 1) {
      await denials.note(APP, 'deny')
      waits.push(await denials.wait(APP))
    }

    expect(waits).toEqual([2_000, 60_000, 600_000, 600_000])
    expect(await denials.wait('https://other.example.test')).toBe(0)
  })

  it('lets it ask again when the time is over', async () => {
    await denials.note(APP, 'timeout')
    clock.advance(1_999)
    expect(await denials.wait(APP)).toBe(1)
    clock.advance(1)
    expect(await denials.wait(APP)).toBe(0)
  })

  it('forgets every no with a yes', async () => {
    await denials.note(APP, 'deny')
    await denials.note(APP, 'deny')
    await denials.note(APP, 'allow')
    await denials.note(APP, 'deny')

    expect(await denials.wait(APP)).toBe(2_000)
  })

  it('holds nobody longer because a clock was set back', async () => {
    await denials.note(APP, 'deny')
    clock.advance(-3_600_000)

    expect(await denials.wait(APP)).toBe(2_000)
  })

  it('remembers no more than so many origins, the latest', async () => {
    for (let index = 0; index < 210; index += 1) {
      await denials.note(`https://app${String(index)}.example.test`, 'deny')
      clock.advance(1)
    }

    expect(Object.keys(kept)).toHaveLength(200)
    expect(await denials.wait('https://app209.example.test')).toBeGreaterThan(0)
    expect(await denials.wait('https://app0.example.test')).toBe(0)
  })
})
