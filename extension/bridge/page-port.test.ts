import { describe, expect, it } from 'vitest'
import { Channel } from '../shim/channel.ts'
import { takePagePorts } from './page-port.ts'

/** Resolves with the first message that comes out of the port taken. */
function firstMessage(target: EventTarget): Promise<unknown> {
  return new Promise((resolve) => {
    takePagePorts(target, (_name, port) => {
      port.onmessage = (event) => {
        port.close()
        resolve(event.data)
      }
    })
  })
}

describe('takePagePorts', () => {
  it('meets a shim that was there first', async () => {
    const target = new EventTarget()
    new Channel(target).post({ type: 'status' })

    expect(await firstMessage(target)).toEqual({ type: 'status' })
  })

  it('meets a shim that comes later', async () => {
    const target = new EventTarget()
    const message = firstMessage(target)

    new Channel(target).post({ type: 'status' })

    expect(await message).toEqual({ type: 'status' })
  })

  it('takes nothing from events without a port', () => {
    const target = new EventTarget()
    let taken = 0
    takePagePorts(target, () => (taken += 1))

    target.dispatchEvent(new Event('valetkey:port'))
    target.dispatchEvent(new MessageEvent('valetkey:port'))
    target.dispatchEvent(new MessageEvent('message', { ports: [new MessageChannel().port2] }))

    expect(taken).toBe(0)
  })
})
