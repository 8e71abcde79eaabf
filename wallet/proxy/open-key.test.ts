import { describe, expect, it } from 'vitest'
import { WalletError, type ErrorCode, type KeyId, type ProviderKey } from '../protocol/index.ts'
import { placeProvider, providerById } from '../providers/index.ts'
import type { OpenedKey } from './call.ts'
import { openFirstKey, openKey } from './open-key.ts'
import type { CallVault } from './ports.ts'

const HOME = 'http://localhost:11434/v1'
const openai = providerById('openai')
const custom = providerById('custom')

type Stored = Pick<OpenedKey, 'provider' | 'baseUrl'> | ErrorCode

/** A vault of keys by their names. */
const vaultOf = (keys: Readonly<Record<string, Stored>>): CallVault => ({
  readGrant: () => Promise.reject(new WalletError('internal')),
  openKey(keyId) {
    const stored = keys[keyId] ?? 'request.not_found'
    return typeof stored === 'string'
      ? Promise.reject(new WalletError(stored))
      : Promise.resolve({ keyId, secret: `secret of ${keyId}` as ProviderKey, ...stored })
  },
})
const idsOf = (...names: string[]): KeyId[] => names.map((name) => name as KeyId)
const OPENAI = { provider: 'openai', baseUrl: null } as const
const GROQ = { provider: 'groq', baseUrl: null } as const

describe('a key', () => {
  it.each<[string, Stored, ErrorCode]>([
    ['another provider’s (C78)', GROQ, 'vault.corrupt'],
    ['for a server of the person’s own (C27)', { ...OPENAI, baseUrl: HOME }, 'request.not_found'],
    ['gone', 'request.not_found', 'request.not_found'],
    ['damaged', 'vault.corrupt', 'vault.corrupt'],
    ['a later version’s', 'vault.newer', 'vault.newer'],
  ])('is none where it is %s', async (_name, stored, code) => {
    const [id = '' as KeyId] = idsOf('a')

    expect(await openKey(id, openai, vaultOf({ a: stored }))).toMatchObject({ code })
  })

  it('goes to its own place and to no other (C27)', async () => {
    const [id = '' as KeyId] = idsOf('a')
    const vault = vaultOf({ a: { provider: 'custom', baseUrl: HOME } })
    const placed = (url: string) => placeProvider(custom, url) ?? custom

    expect(await openKey(id, placed(HOME), vault)).toMatchObject({ keyId: 'a' })
    expect(await openKey(id, placed('http://localhost:1234/v1'), vault)).toMatchObject({
      code: 'request.not_found',
    })
  })

  it('is no question of the key where the vault is locked', async () => {
    const [id = '' as KeyId] = idsOf('a')

    await expect(openKey(id, openai, vaultOf({ a: 'vault.locked' }))).rejects.toMatchObject({
      code: 'vault.locked',
    })
  })
})

describe('the first key of a grant', () => {
  it('is the first that is there', async () => {
    const vault = vaultOf({ a: 'vault.newer', b: GROQ, c: OPENAI, d: OPENAI })

    expect(await openFirstKey(idsOf('gone', 'a', 'b', 'c', 'd'), openai, vault)).toMatchObject({
      keyId: 'c',
    })
  })

  it('is none where there is none', async () => {
    expect(await openFirstKey([], openai, vaultOf({}))).toMatchObject({ code: 'request.not_found' })
    expect(await openFirstKey(idsOf('a'), openai, vaultOf({ a: GROQ }))).toMatchObject({
      code: 'vault.corrupt',
    })
  })
})
