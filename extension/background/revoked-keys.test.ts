import { beforeEach, describe, expect, it } from 'vitest'
import type { KeyId, KeyMask, KeyTest, ProviderId } from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  knownKey,
} from '@valetkey/wallet/testing'
import { createVault, type OpenVault } from '@valetkey/wallet/vault'
import { KeyRemovals } from './key-removals.ts'
import { RevokedKeys } from './revoked-keys.ts'

const clock = createFakeClock()
const random = createSeededRandom('revoked keys')
const MINUTE_MS = 60_000
let vault: OpenVault
let isLocked: boolean
let status: number
let sent: string[]
let revoked: RevokedKeys

beforeEach(async () => {
  const store = createMemoryVaultStore()
  const ports = { store, kdf: fastTestKdf, clock: clock.now, random }
  ;({ vault } = await createVault(ports, 'a quiet harbour at dawn'))
  isLocked = false
  status = 401
  sent = []
  let tried: Record<KeyId, number> = {}
  revoked = new RevokedKeys({
    memory: {
      read: () => Promise.resolve(tried),
      write: (next) => Promise.resolve(void (tried = next)),
    },
    clock: clock.now,
    forward: ({ headers }) => {
      sent.push(headers.get('authorization') ?? '')
      return Promise.resolve(new Response('{}', { status }))
    },
    removals: new KeyRemovals({
      store: { read: () => Promise.resolve([]), write: () => Promise.resolve() },
      clock: clock.now,
      openVault: () => Promise.resolve(vault),
    }),
    openVault: () => Promise.resolve(isLocked ? null : vault),
    announceChange: () => undefined,
  })
})

const secretOf = (name: string, end = 'x7Qa') => `test-${name}-${'m'.repeat(30)}${end}`
const add = (name: string, provider: ProviderId = 'openai', end?: string): Promise<KeyId> =>
  vault.createRecord('key', {
    ...knownKey(name),
    ...{ provider, secret: secretOf(name, end), lastTest: null },
  })
const maskOf = (name: string, end = 'x7Qa'): KeyMask => ({ start: `test-${name}`, end })
const testOf = async (keyId: KeyId): Promise<KeyTest['outcome'] | undefined> =>
  (await vault.readRecord('key', keyId))?.lastTest?.outcome

describe('keys that a dashboard lists as revoked', () => {
  it('are tried at their provider, and marked by its answer', async () => {
    const keyId = await add('one')

    await revoked.look('openai', [maskOf('one')])

    expect(sent).toEqual([`Bearer ${secretOf('one')}`])
    expect(await testOf(keyId)).toBe('refused')
  })

  it('are not marked by what the page says: a key that works is said to work (C57)', async () => {
    const keyId = await add('one')
    status = 200

    await revoked.look('openai', [maskOf('one')])

    expect(await testOf(keyId)).toBe('works')
  })

  it.each<[string, KeyMask]>([
    ['another start', { start: 'test-two', end: 'x7Qa' }],
    ['another end', { start: 'test-one', end: 'x7Qb' }],
    ['an end too short to tell', { start: 'test-one', end: '7Qa' }],
    ['ends that overlap', { start: secretOf('one'), end: 'x7Qa' }],
  ])('have to fit at both ends: not %s', async (_name, mask) => {
    await add('one')

    await revoked.look('openai', [mask])

    expect(sent).toEqual([])
  })

  it('are the dashboard’s own provider’s alone', async () => {
    await add('one', 'groq')

    await revoked.look('openai', [maskOf('one')])

    expect(sent).toEqual([])
  })

  it('are tried once in ten minutes, however often a page lists them (C57)', async () => {
    await add('one')
    status = 500
    await revoked.look('openai', [maskOf('one')])
    await revoked.look('openai', [maskOf('one')])
    expect(sent).toHaveLength(1)

    clock.advance(10 * MINUTE_MS)
    await revoked.look('openai', [maskOf('one')])
    expect(sent).toHaveLength(2)
  })

  it('are tried five at once at most', async () => {
    const names = ['1', '2', '3', '4', '5', '6', '7']
    for (const name of names) await add(name)

    await revoked.look('openai', [{ start: 'test-', end: 'x7Qa' }])

    expect(sent).toHaveLength(5)
  })

  it('wait while the vault is locked, and are not counted as tried', async () => {
    await add('one')
    isLocked = true
    await revoked.look('openai', [maskOf('one')])
    expect(sent).toEqual([])

    isLocked = false
    await revoked.look('openai', [maskOf('one')])
    expect(sent).toHaveLength(1)
  })

  it('keep what their last test said when nobody answers', async () => {
    const keyId = await add('one')
    status = 503

    await revoked.look('openai', [maskOf('one')])

    expect(await testOf(keyId)).toBeUndefined()
  })
})
