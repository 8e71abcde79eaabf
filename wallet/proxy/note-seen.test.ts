import { beforeEach, describe, expect, it } from 'vitest'
import { createValetKey, type GrantId } from '../protocol/index.ts'
import { createSeededRandom } from '../testing/index.ts'
import type { Caller } from './call.ts'
import { noteSeen } from './note-seen.ts'
import { valetKeyHash } from './valet-key-hash.ts'

const APP: Caller = { origin: 'https://app.example.test', incognito: false }
const VALET_KEY = createValetKey('sk-48', createSeededRandom('note seen'))
let noted: string[]

beforeEach(() => {
  noted = []
})

const see = (url: string, valetKey = VALET_KEY, caller = APP) =>
  noteSeen({ url, valetKey }, caller, {
    findSite: ({ origin }, hash) =>
      Promise.resolve(
        origin === APP.origin && hash === valetKeyHash(VALET_KEY)
          ? { grantId: 'AAAAAAAAAAAAAAAAAAAAAA' as GrantId, provider: 'openai' }
          : null,
      ),
    noteForeignHost: (_caller, host) => noted.push(host),
  })

describe('a valet key seen in a request of the page’s own', () => {
  it.each([
    ['https://api.app.example.test:8443/chat', 'api.app.example.test:8443'],
    ['https://api.groq.com/openai/v1/chat/completions', 'api.groq.com'],
    ['https://api.openai.com.evil.test/', 'api.openai.com.evil.test'],
  ])('is told where its provider is not: %s', async (url, host) => {
    await see(url)

    expect(noted).toEqual([host])
  })

  it('is nothing to tell on the way to its provider', async () => {
    await see('https://api.openai.com/v1/chat/completions')

    expect(noted).toEqual([])
  })

  it('is nothing to tell where it is no valet key of this site', async () => {
    await see('https://api.app.example.test/', createValetKey('sk-48', createSeededRandom('other')))
    await see('https://api.app.example.test/', 'sk-no-valet-key')
    await see('https://api.app.example.test/', VALET_KEY, { ...APP, origin: 'https://b.test' })
    await see('no address')

    expect(noted).toEqual([])
  })
})
