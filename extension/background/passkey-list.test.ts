import { beforeEach, describe, expect, it } from 'vitest'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import {
  addPasskey,
  createPasskeyQuestion,
  createVault,
  recoverVault,
  rotateRootKey,
  type CreatedVault,
  type VaultPorts,
} from '@valetkey/wallet/vault'
import { createPasskeyList, type PasskeyList } from './passkey-list.ts'

const passphrase = 'a quiet harbour at dawn'
let reads: number
let ports: VaultPorts
let made: CreatedVault
let list: PasskeyList

beforeEach(async () => {
  const store = createMemoryVaultStore()
  const counting = { ...store, readAll: () => ((reads += 1), store.readAll()) }
  const random = createSeededRandom('passkey list')
  ports = { store: counting, kdf: fastTestKdf, clock: createFakeClock().now, random }
  made = await createVault(ports, passphrase)
  list = createPasskeyList(counting)
  reads = 0
})

async function add(): Promise<void> {
  const prf = { first: new Uint8Array(32).fill(1), second: new Uint8Array(32).fill(2) }
  const { prfSalt } = createPasskeyQuestion(ports.random)
  await addPasskey(ports, made.vault, { credentialId: 'AAAA', prf, prfSalt })
}

describe('the list of passkeys', () => {
  it('reads every row once, however often a window asks', async () => {
    await Promise.all([list.read(), list.read()])
    reads = 0

    expect(await list.read()).toEqual([])
    expect(reads).toBe(0)
  })

  it('knows of one that was added, also while it was being read', async () => {
    const early = list.read()
    await add()
    list.forget()
    await early

    expect(await list.read()).toMatchObject([{ credentialId: 'AAAA' }])
  })

  it.each(['rotation', 'recovery'] as const)('is read anew after a %s', async (how) => {
    await add()
    list.forget()
    expect(await list.read()).toHaveLength(1)

    const { recoveryKeyText } = made.kit
    if (how === 'rotation') await rotateRootKey(ports, { passphrase })
    else await recoverVault(ports, { recoveryKeyText, newPassphrase: 'another harbour at dusk' })

    expect(await list.read()).toEqual([])
  })
})
