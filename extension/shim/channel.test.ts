import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryBackground, settled } from './__fixtures__/background.ts'

// The shim takes its timer when it is loaded: the fake one has to be there first.
vi.useFakeTimers({ toFake: ['setTimeout'] })
vi.resetModules()
const { Channel } = await import('./channel.ts')
afterAll(() => vi.useRealTimers())

let background: MemoryBackground
beforeEach(() => {
  background = new MemoryBackground()
})

describe('Channel', () => {
  it('reaches a bridge that was there first', async () => {
    background.arrive()
    const channel = new Channel(background.target)

    expect(await channel.isOn()).toBe(true)
  })

  it('keeps what was posted for a bridge that comes later', async () => {
    const channel = new Channel(background.target)
    channel.post({ type: 'status' })
    const on = channel.isOn()

    background.arrive()

    expect(await on).toBe(true)
    expect(background.messages.map(({ type }) => type)).toEqual(['status', 'hello'])
  })

  it('holds calls until the background answered', async () => {
    background.site = null
    background.arrive()
    const channel = new Channel(background.target)
    const answered = vi.fn()
    const on = Promise.resolve(channel.isOn()).then(answered)
    await settled()
    expect(answered).not.toHaveBeenCalled()

    background.send({ type: 'ready', version: 1, site: 'paused' })
    await on

    expect(answered).toHaveBeenCalledWith(true)
  })

  it('asks once for many calls and needs no question afterwards', async () => {
    background.arrive()
    const channel = new Channel(background.target)

    await Promise.all([channel.isOn(), channel.isOn()])
    const hellos = background.of('hello').length

    expect(channel.isOn()).toBe(true)
    await settled()
    expect(background.of('hello')).toHaveLength(hellos)
  })

  it('asks anew where the site was off, since it may have been switched on', async () => {
    background.site = 'none'
    background.arrive()
    const channel = new Channel(background.target)
    expect(await channel.isOn()).toBe(false)

    background.site = 'on'

    expect(await channel.isOn()).toBe(true)
  })

  it('believes a change the background announces', async () => {
    background.arrive()
    const channel = new Channel(background.target)
    await channel.isOn()

    background.send({ type: 'changed', status: 'none' })
    background.site = null
    await settled()

    expect(channel.isOn()).toBeInstanceOf(Promise)
  })

  it('gives up after two seconds without a bridge, and stays out of the way from then on', async () => {
    const channel = new Channel(background.target)
    const on = Promise.resolve(channel.isOn())
    await vi.advanceTimersByTimeAsync(1_999)
    expect(await Promise.race([on, settled()])).toBeUndefined()

    await vi.advanceTimersByTimeAsync(1)

    expect(await on).toBe(false)
    expect(channel.isOn()).toBe(false)
  })

  it('waits longer for a worker that has to start than for a bridge that is not there', async () => {
    background.site = null
    background.arrive()
    const channel = new Channel(background.target)
    const on = Promise.resolve(channel.isOn())
    await vi.advanceTimersByTimeAsync(9_999)
    expect(await Promise.race([on, settled()])).toBeUndefined()

    await vi.advanceTimersByTimeAsync(1)

    expect(await on).toBe(false)
  })

  it('comes back when a bridge answers after all', async () => {
    const channel = new Channel(background.target)
    const first = channel.isOn()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await first).toBe(false)

    background.arrive()
    await settled()

    expect(channel.isOn()).toBe(true)
  })

  it('gives a second bridge a fresh port: the first went with its extension', async () => {
    const channel = new Channel(background.arrive().target)
    await channel.isOn()
    const first = background.port

    background.target.dispatchEvent(new Event('valetkey:bridge'))
    channel.post({ type: 'status' })
    await background.heard('status')

    expect(background.port).not.toBe(first)
  })

  it('hands messages to the call they name, and to nobody once it is closed', async () => {
    const channel = new Channel(background.arrive().target)
    const receive = vi.fn()
    channel.open('a', receive)

    background.send({ type: 'call.end', callId: 'b' })
    background.send({ type: 'call.end', callId: 'a' })
    background.send({ type: 'call.end', callId: '__proto__' })
    await settled()
    channel.close('a')
    background.send({ type: 'call.end', callId: 'a' })
    await settled()

    expect(receive.mock.calls).toEqual([[{ type: 'call.end', callId: 'a' }]])
  })
})
