import { beforeEach, describe, expect, it } from 'vitest'
import type { KeyId, ProviderKey } from '@valetkey/wallet/protocol'
import { createFakeClock, createSeededRandom, knownKey } from '@valetkey/wallet/testing'
import type { OpenVault } from '@valetkey/wallet/vault'
import { createMemorySession } from './__fixtures__/memory-session.ts'
import { keyForgetKept } from './handlers/key.forget_kept.ts'
import { keyUseKept } from './handlers/key.use_kept.ts'
import { removeOverdue } from './kept-secrets.ts'
import type { Wallet } from './wallet.ts'

const clock = createFakeClock()
const random = createSeededRandom('kept secrets')
const SAVED_AT = clock.now()
const DAY_MS = 86_400_000
const id = `${(SAVED_AT * 65_536).toString(16).padStart(16, '0')}.${'A'.repeat(22)}`
const USED = 'test-used-key-0000000000' as ProviderKey
const LOST = 'test-lost-key-0000000000' as ProviderKey

let vault: OpenVault
let keyId: KeyId
let status: number
let shown: string[]
let removed: boolean
let wallet: Wallet

beforeEach(async () => {
  const session = createMemorySession({ clock: clock.now, random })
  await session.create('a quiet harbour at dawn')
  vault = await session.required()
  const history = [{ id, secret: LOST, until: SAVED_AT + 30 * DAY_MS }]
  keyId = await vault.createRecord('key', { ...knownKey('Work'), secret: USED, history })
  status = 200
  shown = []
  removed = false
  const parts = {
    ...{ session, clock: clock.now, announceChange: () => undefined },
    removals: { has: () => Promise.resolve(removed) },
    forward: ({ headers }: { headers: Headers }) => {
      shown.push(headers.get('authorization') ?? '')
      return Promise.resolve(new Response('{}', { status }))
    },
  }
  wallet = parts as unknown as Wallet // the rest of a wallet is no business of these handlers
})

const fields = () => vault.readRecord('key', keyId)

describe('a secret that lost', () => {
  it('is tested and taken, and the one in use is kept in its place', async () => {
    expect(await keyUseKept({ keyId, id }, wallet)).toMatchObject({
      ...{ replaced: true, test: { outcome: 'works' } },
    })
    expect(shown).toEqual([`Bearer ${LOST}`])
    const now = await fields()
    expect(now?.secret).toBe(LOST)
    expect(now?.history?.map(({ secret }) => secret)).toEqual([USED])
    expect(now?.lastTest?.outcome).toBe('works')
  })

  it('that the provider refuses is not taken', async () => {
    status = 401
    expect(await keyUseKept({ keyId, id }, wallet)).toMatchObject({ replaced: false })
    const now = await fields()
    expect([now?.secret, now?.history?.[0]?.secret]).toEqual([USED, LOST])
  })

  it('is forgotten for good', async () => {
    await keyForgetKept({ keyId, id }, wallet)
    expect(JSON.stringify(await fields())).not.toContain(LOST)
    for (const ask of [keyUseKept, keyForgetKept]) {
      await expect(ask({ keyId, id }, wallet)).rejects.toMatchObject({ code: 'request.not_found' })
    }
  })

  it('is no more once its time is over, or its key is on its way out', async () => {
    removed = true
    await expect(keyUseKept({ keyId, id }, wallet)).rejects.toMatchObject({
      code: 'request.not_found',
    })
    removed = false
    const later = { ...wallet, clock: () => SAVED_AT + 30 * DAY_MS }
    await expect(keyUseKept({ keyId, id }, later)).rejects.toMatchObject({
      code: 'request.not_found',
    })
    await removeOverdue(vault, later.clock())
    expect((await fields())?.history).toEqual([])
    expect(shown).toEqual([])
  })

  it('stays, and nothing is written, while its time runs', async () => {
    const before = await vault.readShared()
    await removeOverdue(vault, SAVED_AT + DAY_MS)
    expect(await vault.readShared()).toEqual(before)
  })
})
