import { WalletError } from '@valetkey/wallet/protocol'
import { createDraw } from '@valetkey/wallet/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakePort } from './__fixtures__/fake-port.ts'
import { serveAuthorizePage, type AuthorizePagePorts } from './authorize-page.ts'

const SERVER = 'https://sync.example.test'
const requestId = `${createDraw('authorize page')('{A42}')}A`

let port: FakePort
let asked: string[]
let went: string[]
let held: number
let answer: AuthorizePagePorts['authorize']

beforeEach(() => {
  port = new FakePort()
  asked = []
  went = []
  held = 0
  answer = () => Promise.resolve('https://app.example.test/callback?code=c')
  const page = {
    caller: { origin: SERVER, incognito: false },
    isShown: () => Promise.resolve(true),
    goTo: (url: string) => Promise.resolve(void went.push(url)),
  }
  serveAuthorizePage(port, page, {
    authorize: (...given) => {
      asked.push(given[0])
      return answer(...given)
    },
    keepalive: { hold: () => ((held += 1), () => void (held -= 1)) },
  })
})

describe('a server’s page', () => {
  it('leads its tab to the app, and lets the worker go', async () => {
    port.say({ requestId })
    await expect.poll(() => went).toEqual(['https://app.example.test/callback?code=c'])
    expect([asked, port.sent]).toEqual([[requestId], []])
    await expect.poll(() => held).toBe(0)
  })

  it('says in a sentence why nothing is answered, and leads nowhere', async () => {
    answer = () => Promise.reject(new WalletError('provider.network'))
    port.say({ requestId })
    await expect.poll(() => port.sent).toHaveLength(1)
    expect(port.sent[0]).toMatchObject({ type: 'sentence' })
    expect(String(port.sent[0]?.['text'])).toContain('could not reach sync.example.test')
    expect([went, held]).toEqual([[], 0])
  })

  it('leads nowhere once the person went elsewhere in that tab', async () => {
    let agree: (redirect: string) => void = () => undefined
    answer = () => new Promise((resolve) => (agree = resolve))
    port.say({ requestId })
    await expect.poll(() => asked).toHaveLength(1)
    port.leave()
    agree('https://app.example.test/callback?code=c')
    await expect.poll(() => held).toBe(0)
    expect([went, port.sent]).toEqual([[], []])
  })

  it('C55: asks once; another request needs another page', async () => {
    let signal: AbortSignal | null = null
    answer = (_request, _caller, asking) => {
      signal = asking.signal
      return new Promise(() => undefined)
    }
    port.say({ requestId })
    port.say({ requestId })
    await expect.poll(() => port.isOpen).toBe(false)
    expect(asked).toEqual([requestId])
    expect(signal).toMatchObject({ aborted: true })
  })

  it.each([{ requestId: 'short' }, { requestId, more: 1 }, 'words', null])(
    'C48: asks nobody for what is no request: %j',
    async (raw) => {
      port.say(raw)
      await expect.poll(() => port.sent).toHaveLength(1)
      expect([asked, went]).toEqual([[], []])
    },
  )
})
