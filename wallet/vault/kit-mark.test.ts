import { beforeEach, describe, expect, it } from 'vitest'
import { WalletError } from '../protocol/index.ts'
import {
  KNOWN_PASSPHRASE,
  createFakeClock,
  createKnownVault,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
  type KnownVault,
} from '../testing/index.ts'
import {
  changePassphrase,
  isKitInForce,
  kitMarkSchema,
  markKit,
  recoverVault,
  renewRecoveryKey,
  rotateRootKey,
  type KitMark,
  type VaultPorts,
} from './index.ts'

const passphrase = KNOWN_PASSPHRASE
let ports: VaultPorts
let known: KnownVault
let mark: KitMark

beforeEach(async () => {
  const random = createSeededRandom('kit mark')
  const clock = createFakeClock().now
  ports = { store: createMemoryVaultStore(), kdf: fastTestKdf, clock, random }
  known = await createKnownVault(ports)
  mark = await markKit(ports.store, known.kit.recoveryKeyText)
})

describe('the mark of a kit', () => {
  it('holds as long as that kit recovers the vault, and tells nothing of it', async () => {
    const newPassphrase = 'another harbour at dusk'
    await changePassphrase(ports, { passphrase, newPassphrase })

    expect(await isKitInForce(ports.store, mark)).toBe(true)
    expect(kitMarkSchema.parse(JSON.parse(JSON.stringify(mark)))).toEqual(mark)
    expect(Object.keys(mark)).toEqual(['recordId', 'rev'])
  })

  it('holds nothing where the table cannot be read (C85)', async () => {
    const readRow = () => Promise.reject(new WalletError('vault.corrupt'))

    expect(await isKitInForce({ ...ports.store, readRow }, mark)).toBe(false)
  })

  it('holds no longer once another kit took its place, whatever brought it', async () => {
    const { recoveryKeyText } = await renewRecoveryKey(ports, passphrase)
    expect(await isKitInForce(ports.store, mark)).toBe(false)

    const second = await markKit(ports.store, recoveryKeyText)
    const { kit } = await rotateRootKey(ports, { passphrase })
    expect(await isKitInForce(ports.store, second)).toBe(false)

    const third = await markKit(ports.store, kit.recoveryKeyText)
    await recoverVault(ports, {
      recoveryKeyText: kit.recoveryKeyText,
      newPassphrase: 'another harbour at dusk',
    })
    expect(await isKitInForce(ports.store, third)).toBe(false)
  })

  it('is given for the kit in force alone', async () => {
    await renewRecoveryKey(ports, passphrase)

    await expect(markKit(ports.store, known.kit.recoveryKeyText)).rejects.toMatchObject({
      code: 'vault.unlock_failed',
    })
    await expect(markKit(ports.store, known.kit.secretKeyText)).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })
})
