import { randomBytes } from 'node:crypto'
import {
  RELAY_CREDIT_BYTES,
  WalletError,
  createId,
  decodeRelayFrame,
  encodeRelayFrame,
  type GrantId,
  type RelayFrame,
  type RequestId,
} from '@valetkey/wallet/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openBus } from '../bus/bus.ts'
import { createRelay, type Relay } from './relay.ts'

const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
const ACCOUNT = 'an account'
const HEAD = { method: 'POST', path: '/v1/chat/completions', headers: [] }

async function openRelay(): Promise<Relay> {
  const bus = await openBus(undefined)
  const relay = createRelay(bus.calls, random)
  onTestFinished(async () => {
    relay.close()
    await bus.close()
  })
  return relay
}

/** A socket that keeps what it is told. */
function addWallet(relay: Relay, hear: (frame: RelayFrame) => void = () => undefined) {
  const told: RelayFrame[] = []
  const wallet = relay.addWallet(ACCOUNT, (bytes) => {
    const frame = decodeRelayFrame(Uint8Array.from(bytes))
    if (!frame) throw new Error('no frame')
    told.push(frame)
    hear(frame)
  })
  return { told, wallet, say: (frame: RelayFrame) => wallet.receive(encodeRelayFrame(frame)) }
}

function call(relay: Relay) {
  const heard: string[] = []
  let bytes = 0
  const ended = Promise.withResolvers<string | null>()
  const opened = relay.openCall(ACCOUNT, {
    open: {
      ...{ grant: createId<GrantId>(random), requestId: createId<RequestId>(random) },
      ...HEAD,
    },
    body: [Uint8Array.of(1)],
    onReply: {
      head: () => heard.push('head'),
      data: (data) => {
        bytes += data.length
      },
      end: (error) => {
        ended.resolve(error?.code ?? null)
      },
    },
  })
  return { opened, heard, ended: ended.promise, bytes: () => bytes }
}

describe('the relay of one process', () => {
  it('C105: sends the body to one wallet, though another takes the call too late', async () => {
    const relay = await openRelay()
    const quick = addWallet(relay, (frame) => {
      if (frame.type === 'open') quick.say({ type: 'accept', stream: frame.stream, head: null })
    })
    // The newest is asked first, and says nothing.
    const slow = addWallet(relay)
    const { opened } = call(relay)
    await opened
    slow.say({ type: 'accept', stream: 2, head: null })

    const types = ({ told }: { told: readonly RelayFrame[] }) => told.map(({ type }) => type)
    expect(types(quick)).toEqual(['open', 'data', 'end'])
    expect(types(slow)).toEqual(['open', 'rst', 'rst'])
  })

  it('goes to no other wallet once one said no', async () => {
    const relay = await openRelay()
    const other = addWallet(relay)
    const first = addWallet(relay, ({ type, stream }) => {
      const error = new WalletError('grant.revoked')
      if (type === 'open') first.say({ type: 'rst', stream, error })
    })

    await expect(call(relay).opened).rejects.toMatchObject({ code: 'grant.revoked' })
    expect(other.told).toEqual([])
  })

  it('C106: ends the call of a wallet that sends more than it may', async () => {
    const relay = await openRelay()
    const flood = addWallet(relay, ({ type, stream }) => {
      if (type === 'open') flood.say({ type: 'accept', stream, head: null })
    })
    const { opened, ended, bytes } = call(relay)
    await opened
    for (let sent = 0; sent < 4 * RELAY_CREDIT_BYTES; sent += 65_536) {
      flood.say({ type: 'data', stream: 2, bytes: new Uint8Array(65_536) })
    }

    expect(bytes()).toBe(RELAY_CREDIT_BYTES + 65_536)
    expect(await ended).toBe('relay.wallet_lost')
  })

  it('knows an answer of no wallet', async () => {
    const relay = await openRelay()
    const { say } = addWallet(relay)
    const open = {
      grant: createId<GrantId>(random),
      requestId: createId<RequestId>(random),
      ...HEAD,
    }

    expect(say({ type: 'open', stream: 2, open })).toBe(false)
    // Late frames of a call that is over are no fault.
    expect(say({ type: 'end', stream: 2 })).toBe(true)
  })
})
