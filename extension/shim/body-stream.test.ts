import { describe, expect, it, vi } from 'vitest'
import { CREDIT_BYTES } from '@valetkey/wallet/protocol'
import { WINDOW_BYTES, createBodyStream } from './body-stream.ts'

const MIB = 1024 * 1024

function started() {
  const onConsumed = vi.fn<(bytes: number) => void>()
  const onCancel = vi.fn<() => void>()
  const body = createBodyStream({ onConsumed, onCancel })
  return { body, stream: body.stream, onConsumed, onCancel }
}

describe('createBodyStream', () => {
  it('reads ahead as far as the background may send unasked', () => {
    expect(WINDOW_BYTES).toBe(CREDIT_BYTES)
  })

  it('reports nothing as consumed while nobody reads', async () => {
    const { body, onConsumed } = started()

    for (let chunk = 0; chunk < 4; chunk++) body.push(new Uint8Array(MIB / 2))
    await Promise.resolve()

    expect(onConsumed).not.toHaveBeenCalled()
  })

  it('reports exactly what was read', async () => {
    const { body, stream, onConsumed } = started()
    body.push(new Uint8Array(1000))
    body.push(new Uint8Array(500))
    const reader = stream.getReader()

    await reader.read()
    expect(total(onConsumed)).toBe(1000)
    await reader.read()
    expect(total(onConsumed)).toBe(1500)
  })

  it('reports a chunk a reader was already waiting for', async () => {
    const { body, stream, onConsumed } = started()
    const reading = stream.getReader().read()

    body.push(new Uint8Array(7))
    await reading
    await Promise.resolve()

    expect(total(onConsumed)).toBe(7)
  })

  it('catches up after more was pushed than the window holds', async () => {
    const { body, stream, onConsumed } = started()
    for (let chunk = 0; chunk < 3; chunk++) body.push(new Uint8Array(MIB))
    const reader = stream.getReader()

    for (let chunk = 0; chunk < 3; chunk++) await reader.read()
    await Promise.resolve()

    expect(total(onConsumed)).toBe(3 * MIB)
  })

  it('keeps what was pushed readable after the end', async () => {
    const { body, stream } = started()
    body.push(new TextEncoder().encode('whole'))
    body.end()

    expect(await new Response(stream).text()).toBe('whole')
  })

  it('ends for a reader that brings its own buffer', async () => {
    const { body, stream } = started()
    const reading = stream.getReader({ mode: 'byob' }).read(new Uint8Array(4))

    body.end()

    expect((await reading).done).toBe(true)
  })

  it('ignores empty chunks and whatever comes after the end', async () => {
    const { body, stream } = started()
    body.push(new Uint8Array())
    body.end()
    body.push(new Uint8Array(3))
    body.end()
    body.fail(new Error('late'))

    expect(await new Response(stream).text()).toBe('')
    expect(body.failure).toBeNull()
  })

  it('fails its reader with the reason given and remembers it', async () => {
    const { body, stream } = started()
    const reading = stream.getReader().read()

    body.fail('why')

    await expect(reading).rejects.toBe('why')
    expect(body.failure).toEqual({ reason: 'why' })
  })

  it('says so when the page cancels, and takes no more', async () => {
    const { body, stream, onCancel } = started()

    await stream.cancel()
    body.push(new Uint8Array(3))

    expect(onCancel).toHaveBeenCalledOnce()
  })
})

function total(onConsumed: { mock: { calls: [number][] } }): number {
  return onConsumed.mock.calls.reduce((sum, [bytes]) => sum + bytes, 0)
}
