import { beforeEach, describe, expect, it } from 'vitest'
import { CALLS_PER_ORIGIN, WalletError } from '@valetkey/wallet/protocol'
import { CallSlots } from './call-slots.ts'

const ORIGIN = 'https://app.example.test'
const REPLAYED = new WalletError('request.replayed')

let held = 0
let openCalls: Map<string, number>
let slots: CallSlots

const slotsOf = (origin: string): CallSlots =>
  new CallSlots(origin, {
    keepalive: { hold: () => ((held += 1), () => void (held -= 1)) },
    openCalls,
  })

beforeEach(() => {
  held = 0
  openCalls = new Map()
  slots = slotsOf(ORIGIN)
})

describe('the slots of a page port', () => {
  it('hold the worker and count until they are given back', () => {
    const giveBack = [slots.take('a'), slots.take('b')]
    expect([held, openCalls.get(ORIGIN)]).toEqual([2, 2])

    for (const give of giveBack) give()

    expect([held, openCalls.get(ORIGIN)]).toEqual([0, 0])
  })

  it('are given once for an id, also after they were given back (C17)', () => {
    const giveBack = slots.take('a')
    expect(() => slots.take('a')).toThrow(REPLAYED)
    giveBack()

    expect(() => slots.take('a')).toThrow(REPLAYED)
    expect([held, openCalls.get(ORIGIN)]).toEqual([0, 0])
  })

  it('are bounded over all ports of an origin, and of that origin alone (C61)', () => {
    const other = slotsOf(ORIGIN)
    const giveBack = slots.take('first')
    for (let index = 1; index < CALLS_PER_ORIGIN; index += 1) other.take(String(index))

    expect(() => other.take('full')).toThrow(
      new WalletError('request.rate_limited', { retryAfterMs: 1000 }),
    )
    expect(() => slotsOf('https://other.example.test').take('full')).not.toThrow()
    giveBack()
    expect(() => other.take('free')).not.toThrow()
  })
})
