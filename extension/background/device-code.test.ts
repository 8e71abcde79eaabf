import { WalletError, type ErrorCode, type OAuthDetails } from '@valetkey/wallet/protocol'
import { createDraw, createSeededRandom } from '@valetkey/wallet/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConnectWish } from '../adapters/consent-store.ts'
import type { Answer } from './consents.ts'
import { allowByCode, type DeviceCodePorts } from './device-code.ts'

const SERVER = 'https://sync.example.test'
const SITE = 'https://notes.example.test'
const draw = createDraw('device code')

let details: OAuthDetails
let says: Answer
let refusal: ErrorCode | null
let hasServer: boolean
let seen: string[]
let asked: ConnectWish[]
let ports: DeviceCodePorts

beforeEach(() => {
  details = {
    client: {
      ...{ clientId: `vk_cid_${draw('{A22}')}`, name: 'Notes', origin: SITE },
      publicKeys: ['a key of the server'],
    },
    ...{ redirectUri: null, scopes: [], fromAddress: '203.0.113.7', expiresAt: 1 },
    details: [{ type: 'ai_inference', providers: ['openai'] }],
  }
  says = 'allow'
  refusal = null
  hasServer = true
  seen = []
  asked = []
  const note = <T>(what: string, answer: T): Promise<T> => {
    seen.push(what)
    return Promise.resolve(answer)
  }
  const device = {
    origin: SERVER,
    session: {
      claimUserCode: (code: string) =>
        refusal ? Promise.reject(new WalletError(refusal)) : note(`claim ${code}`, 'the request'),
    },
    client: {
      describeAuthorization: (id: string) => note(`look ${id}`, details),
      denyAuthorization: (id: string) => note(`deny ${id}`, null),
    },
  }
  ports = {
    session: { required: () => Promise.resolve({}) },
    serverLink: { device: () => Promise.resolve(hasServer ? device : null) },
    consents: {
      ask: (question: ConnectWish) => {
        asked.push(question)
        return Promise.resolve(says)
      },
    },
    readAppKeys: (origin: string) => Promise.resolve([`a key of ${origin}`]),
    random: createSeededRandom('device code'),
  } as unknown as DeviceCodePorts
})

describe('allowByCode', () => {
  it('asks about the program behind the code, by the keys of its own site', async () => {
    expect(await allowByCode('BCDFGHJK', ports)).toBe('allowed')
    expect(seen).toEqual(['claim BCDFGHJK', 'look the request'])
    expect(asked).toMatchObject([
      {
        request: { capabilities: ['chat'], providers: ['openai'] },
        link: {
          ...{ server: SERVER, requestId: 'the request' },
          details: { fromAddress: '203.0.113.7', client: { publicKeys: [`a key of ${SITE}`] } },
        },
      },
    ])
  })

  it('C106: takes no key of a program without a site from the server', async () => {
    details = { ...details, client: { ...details.client, origin: '' } }
    await allowByCode('BCDFGHJK', ports)
    expect(asked[0]?.link?.details).toMatchObject({ client: { publicKeys: [] } })
  })

  it('tells the server of a no, and of nothing where nobody answered', async () => {
    says = 'deny'
    expect(await allowByCode('BCDFGHJK', ports)).toBe('denied')
    expect(seen.at(-1)).toBe('deny the request')
    says = 'timeout'
    seen = []
    expect(await allowByCode('BCDFGHJK', ports)).toBe('unanswered')
    expect(seen).not.toContain('deny the request')
  })

  it('C102: asks nobody for a request of a page that came by a code', async () => {
    details = { ...details, redirectUri: `${SITE}/back` }
    const asking = allowByCode('BCDFGHJK', ports)
    await expect(asking).rejects.toMatchObject({ code: 'protocol.invalid_message' })
    expect(asked).toEqual([])
  })

  it.each(['request.not_found', 'request.rate_limited'] as const)('says %s', async (code) => {
    refusal = code
    await expect(allowByCode('BCDFGHJK', ports)).rejects.toMatchObject({ code })
    expect(asked).toEqual([])
  })

  it('asks no server where the vault has none', async () => {
    hasServer = false
    const asking = allowByCode('BCDFGHJK', ports)
    await expect(asking).rejects.toMatchObject({ code: 'request.invalid' })
    expect(seen).toEqual([])
  })
})
