import { WalletError, type ErrorCode } from '@valetkey/wallet/protocol'
import type { LinkedDevice, SyncClientPorts } from '@valetkey/wallet/sync'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import { createVault, type RecoveryKit } from '@valetkey/wallet/vault'
import { beforeEach, describe, expect, it } from 'vitest'
import { KitRecovery } from './kit-recovery.ts'

const NEW_PASSPHRASE = 'another quiet harbour'
const random = createSeededRandom('kit recovery')
const clock = createFakeClock(1_800_000_000_000)

let kit: RecoveryKit
let hasServer: boolean
/** What the first sync ends with. */
let refusal: ErrorCode
/** What was done, in order. */
let done: string[]
let recovery: KitRecovery

beforeEach(async () => {
  const store = createMemoryVaultStore()
  const vault = { store, clock: clock.now, random, kdf: fastTestKdf }
  kit = (await createVault(vault, 'correct horse battery staple')).kit
  hasServer = true
  done = []
  const did = (what: string) => Promise.resolve(void done.push(what))
  refusal = 'provider.network'
  const gone = () => Promise.reject(new WalletError(refusal))
  recovery = new KitRecovery({
    vault,
    attempts: { run: (attempt) => attempt(), waitMs: () => Promise.resolve(0) },
    session: { lock: () => did('locked') },
    protection: {
      recover: async () => {
        await did('recovered here')
        return { accountId: '', secretKey: '', recoveryKey: '' }
      },
      shortenLock: () => Promise.resolve(),
    },
    membership: { enter: () => did('entered'), leave: () => did('left its server') },
    link: {
      chosen: () =>
        Promise.resolve(
          hasServer
            ? { origin: 'https://sync.example', isFreshnessKnown: true, recoveredAt: null }
            : null,
        ),
      at: () => Promise.resolve({ client: {} } as LinkedDevice),
    },
    sync: { alone: (step) => step() },
    live: { stop: () => void done.push('live ended') },
    // The server is away: the first sync fails.
    recoveryNotes: {
      read: async () => {
        await did('notes read')
        return null
      },
      write: () => did('noted'),
    },
    syncPorts: () => ({ store: { read: gone, commit: gone } }) as unknown as SyncClientPorts,
  })
})

const run = (how: { readonly alone?: true; readonly recoveryKey?: string } = {}) =>
  recovery.run({ recoveryKey: kit.recoveryKeyText, newPassphrase: NEW_PASSPHRASE, ...how })

describe('KitRecovery', () => {
  it('makes a vault without a server new here', async () => {
    hasServer = false
    await run()
    expect(done).toEqual(['recovered here'])
  })

  it('makes nothing new here that its server does not know of', async () => {
    await expect(run()).rejects.toMatchObject({ code: 'provider.network' })
    expect(done).toEqual(['locked', 'live ended'])
  })

  it('looks for a recovery that was cut off here, where the server knows this device no more', async () => {
    refusal = 'auth.failed'
    await expect(run()).rejects.toMatchObject({ code: 'auth.failed' })
    expect(done).toEqual(['locked', 'live ended', 'notes read'])
  })

  it('leaves its server before it goes on alone, and not for a kit that opens nothing', async () => {
    const other = { store: createMemoryVaultStore(), clock: clock.now, random, kdf: fastTestKdf }
    const { kit: wrong } = await createVault(other, 'correct horse battery staple')
    const { recoveryKeyText } = wrong
    await expect(run({ alone: true, recoveryKey: recoveryKeyText })).rejects.toMatchObject({
      code: 'vault.unlock_failed',
    })
    expect(done).toEqual([])

    await run({ alone: true })
    expect(done).toEqual(['left its server', 'recovered here'])
  })
})
