import { beforeEach, describe, expect, it } from 'vitest'
import {
  UI_METHODS,
  isWalletError,
  toBase64url,
  type ChosenKey,
  type UiParams,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import {
  ABSOLUTE_LOCK_MS,
  IDLE_LOCK_MS,
  createUnlockAttempts,
  type VaultStore,
} from '@valetkey/wallet/vault'
import type { Unlocked } from '../../adapters/session-cache.ts'
import type { Removal } from '../../adapters/removal-store.ts'
import { Backups } from '../backups.ts'
import { KeyRemovals } from '../key-removals.ts'
import { listKeys, openAllKeys } from '../key-ring.ts'
import { VaultSession } from '../vault-session.ts'
import type { Wallet } from '../wallet.ts'
import { backupCreate } from './backup.create.ts'
import { backupImport } from './backup.import.ts'
import { backupMerge } from './backup.merge.ts'
import { backupPreview } from './backup.preview.ts'
import { backupRestore } from './backup.restore.ts'
import { backupRestoreWithKit } from './backup.restore_with_kit.ts'
import { exportKeys } from './export.keys.ts'
import { importPreview } from './import.preview.ts'
import { importRun } from './import.run.ts'
import { recoveryGet } from './recovery.get.ts'
import { vaultReauthenticate } from './vault.reauthenticate.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const clock = createFakeClock()
const random = createSeededRandom('transfer handlers')
/** Long and of no known form: only its variable says whose key it is. */
const secretOf = (name: string) => `test-${name}-${'x'.repeat(20)}`
/** Of a form that says by itself whose it is. */
const groqKey = (name: string) => ['gsk', name.padEnd(52, 'a')].join('_')
const envText = [
  '# Work',
  `OPENAI_API_KEY=${secretOf('one')}`,
  `GROQ_API_KEY=${groqKey('two')}`,
  `GROQ_API_KEY_2=${groqKey('two')}`,
  'this is no assignment',
].join('\n')

let wallet: Wallet
let secretKey: string
let recoveryKey: string

beforeEach(async () => {
  wallet = createWallet()
  ;({ secretKeyText: secretKey, recoveryKeyText: recoveryKey } =
    await wallet.session.create(PASSPHRASE))
})

/** The parts these handlers touch, over memory. */
function createWallet(store: VaultStore = createMemoryVaultStore()): Wallet {
  let unlocked: Unlocked | null = null
  let removed: readonly Removal[] = []
  const attempts = createUnlockAttempts({
    store: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
    clock: clock.now,
  })
  const vault = { store, kdf: fastTestKdf, clock: clock.now, random }
  const session = new VaultSession({
    ...{ vault, attempts, clock: clock.now },
    cache: {
      read: () => Promise.resolve(unlocked),
      write: (next) => Promise.resolve(void (unlocked = next)),
      clear: () => Promise.resolve(void (unlocked = null)),
    },
    periods: () => Promise.resolve({ idleMs: IDLE_LOCK_MS, absoluteMs: ABSOLUTE_LOCK_MS }),
    onLock: () => undefined,
  })
  const parts = {
    session,
    clock: clock.now,
    removals: new KeyRemovals({
      store: {
        read: () => Promise.resolve(removed),
        write: (next) => Promise.resolve(void (removed = next)),
      },
      clock: clock.now,
      openVault: () => session.openForChore(),
    }),
    backups: new Backups({
      ...{ vault, attempts },
      copyAsStored: () => Promise.resolve('{}'),
      admit: (opened) => session.admit(opened),
    }),
    sites: { synchronise: () => Promise.resolve() },
    reminders: { look: () => Promise.resolve() },
    announceChange: () => undefined,
  }
  return parts as unknown as Wallet // the rest of a wallet is no business of these handlers
}

async function kitOf({ session }: Wallet): Promise<string> {
  return (await session.create(PASSPHRASE)).secretKeyText
}

async function keysOf(of: Wallet) {
  const { records } = await openAllKeys(await of.session.required(), of.removals)
  return records.map(({ fields }) => fields)
}

const preview = async (text: string) => {
  const reply = await importPreview({ text }, wallet)
  if (reply.kind !== 'preview') throw new Error(`refused: ${reply.reason}`)
  return reply
}
const bothKeys: ChosenKey[] = [
  { index: 0, provider: 'anthropic' },
  { index: 1, provider: 'groq' },
]
const groqKeys = (count: number) =>
  Array.from({ length: count }, (_, index): ChosenKey => ({ index, provider: 'groq' }))
const bring = (chosen: ChosenKey[] = bothKeys, of = wallet) =>
  importRun({ text: envText, chosen }, of)

async function backup(of = wallet, passphrase = PASSPHRASE): Promise<string> {
  await vaultReauthenticate({ passphrase }, of)
  const reply = await backupCreate({}, of)
  if (reply.outcome !== 'created') throw new Error(reply.outcome)
  return reply.file
}

describe('bringing keys in (C90)', () => {
  it('shows what a text holds, and no secret', async () => {
    const shown = await preview(envText)

    expect(shown.keys).toMatchObject([
      { provider: 'openai', sure: false, duplicateOf: null, repeated: false },
      { provider: 'groq', sure: true, repeated: false },
      { provider: 'groq', sure: true, repeated: true },
    ])
    expect(shown).toMatchObject({ format: 'env', notUnderstoodCount: 1, refusedCount: 0 })
    expect(JSON.stringify(shown)).not.toContain(secretOf('one'))
    expect(JSON.stringify(shown)).not.toContain(groqKey('two'))
    expect(await keysOf(wallet)).toEqual([])
  })

  it('stores what was chosen, of the provider the person named where it was unclear', async () => {
    const { keys, skippedCount } = await bring()

    expect(skippedCount).toBe(0)
    expect(keys).toMatchObject([
      { provider: 'anthropic', label: 'OPENAI_API_KEY' },
      { provider: 'groq', label: 'GROQ_API_KEY' },
    ])
    const kept = await listKeys(await wallet.session.required(), wallet.removals)
    expect(keys.map(({ keyId }) => keyId)).toEqual(kept.map(({ id }) => id))

    expect(await keysOf(wallet)).toMatchObject([
      { provider: 'anthropic', secret: secretOf('one'), baseUrl: null, lastTest: null },
      { provider: 'groq', secret: groqKey('two'), baseUrl: null },
    ])
  })

  it('knows the keys the vault has, and stores none twice', async () => {
    await bring()

    expect((await preview(envText)).keys[0]?.duplicateOf).toBeTypeOf('string')
    expect(await bring()).toEqual({ keys: [], skippedCount: 2 })
    expect(await keysOf(wallet)).toHaveLength(2)
  })

  it.each([
    ['names a key the file does not have', { index: 7, provider: 'groq' } as const],
    [
      'sends a key elsewhere whose form says whose it is',
      { index: 1, provider: 'openai' } as const,
    ],
  ])('stores nothing of a choice that %s', async (_case, wrong) => {
    await expect(bring([{ index: 0, provider: 'openai' }, wrong])).rejects.toMatchObject({
      code: 'request.unprocessable',
    })
    expect(await keysOf(wallet)).toEqual([])
  })

  it('stores nothing where there is no room for all of it', async () => {
    const store = createMemoryVaultStore()
    const other = createWallet(store)
    await kitOf(other)
    store.failAtWrite(2)

    await expect(bring(bothKeys, other)).rejects.toMatchObject({ code: 'vault.quota' })
    expect(await keysOf(other)).toEqual([])
  })

  it('C90: says why a bomb or another kind of file is not read', async () => {
    const reasonOf = async (text: string) => {
      const reply = await importPreview({ text }, wallet)
      return reply.kind === 'refused' ? reply.reason : 'read'
    }
    expect(await reasonOf('x'.repeat(16 * 1024 * 1024 + 1))).toBe('too-large')
    expect(await reasonOf('PK\0\0')).toBe('not-text')
    expect(await reasonOf(' \n')).toBe('empty')
  })

  it('C90: a key whose notes would not fit keeps no other one out, and can be edited', async () => {
    const cells = [
      'provider,label,key,notes,created,expires,archived',
      `groq,${'long '.repeat(50)},"${'\\'.repeat(4096)}","${'\u0001'.repeat(10_000)}",,,`,
      `groq,Other,${groqKey('two')},"two\nlines",,,`,
    ]
    await expect(
      importRun({ text: cells.join('\n'), chosen: groqKeys(2) }, wallet),
    ).resolves.toMatchObject({ skippedCount: 0 })

    const kept = await listKeys(await wallet.session.required(), wallet.removals)
    expect(kept.map(({ fields }) => fields.notes)).toEqual([' '.repeat(10_000), 'two\nlines'])
    for (const { id: keyId, fields } of kept) {
      const { label, notes, expiresAt } = fields
      const update = { keyId, label, notes, expiresAt }
      expect(UI_METHODS['key.update'].params.safeParse(update).success).toBe(true)
    }
  })

  it('lists a hundred of the places it could not read, and counts the others', async () => {
    const shown = await preview(`A=1\n${'no assignment here\n'.repeat(500)}`)

    expect(shown.notUnderstood).toHaveLength(100)
    expect(shown.notUnderstoodCount).toBe(500)
  })

  it('asks for an open vault', async () => {
    await wallet.session.lock()

    await expect(preview(envText)).rejects.toMatchObject({ code: 'vault.locked' })
    await expect(bring()).rejects.toMatchObject({ code: 'vault.locked' })
  })
})

describe('taking keys out', () => {
  it.each([
    ['keys in clear', () => exportKeys({ format: 'env' }, wallet)],
    ['a backup', () => backupCreate({}, wallet)],
  ])('C84: %s only for who entered the passphrase within the last minute', async (_what, take) => {
    await bring()
    expect(await take()).toEqual({ outcome: 'passphrase-needed' })

    await vaultReauthenticate({ passphrase: PASSPHRASE }, wallet)
    expect((await take()).outcome).not.toBe('passphrase-needed')

    clock.advance(61_000)
    expect(await take()).toEqual({ outcome: 'passphrase-needed' })
  })

  it('C90: a name that a spreadsheet would run is text, and reads back as it was', async () => {
    const text = `label,api_key\n"=HYPERLINK(""x"")",${groqKey('formula')}\n`
    await importRun({ text, chosen: [{ index: 0, provider: 'groq' }] }, wallet)
    await vaultReauthenticate({ passphrase: PASSPHRASE }, wallet)

    const reply = await exportKeys({ format: 'csv' }, wallet)

    if (reply.outcome !== 'exported') throw new Error(reply.outcome)
    expect(reply.text).toContain(`"'=HYPERLINK(`)
    expect((await preview(reply.text)).keys[0]).toMatchObject({ label: '=HYPERLINK("x")' })
  })

  it('leaves out a key on its way out', async () => {
    await bring()
    const [first] = await listKeys(await wallet.session.required(), wallet.removals)
    if (!first) throw new Error('no key')
    await wallet.removals.begin(first.id)
    await vaultReauthenticate({ passphrase: PASSPHRASE }, wallet)

    expect(await exportKeys({ format: 'env' }, wallet)).toMatchObject({ keyCount: 1 })
  })
})

describe('a backup', () => {
  const credentials = { passphrase: PASSPHRASE }

  it('becomes the vault of a computer that has none', async () => {
    await bring()
    const file = await backup()
    const other = createWallet()

    const { recordCount } = await backupRestore({ file, ...credentials, secretKey }, other)

    expect(recordCount).toBe(3)
    expect(await keysOf(other)).toEqual(await keysOf(wallet))
  })

  describe('with the recovery key of its time', () => {
    const newPassphrase = 'another harbour at dusk'
    let file: string
    let other: Wallet

    beforeEach(async () => {
      await bring()
      file = await backup()
      other = createWallet()
    })

    it('becomes an open vault with a passphrase and a kit of its own', async () => {
      const { kit } = await backupRestoreWithKit({ file, recoveryKey, newPassphrase }, other)

      expect(await keysOf(other)).toEqual(await keysOf(wallet))
      expect(kit.recoveryKey).not.toBe(recoveryKey)
      expect(kit.secretKey).not.toBe(secretKey)
      await other.session.lock()
      await expect(other.session.unlock(PASSPHRASE)).rejects.toMatchObject({
        code: 'vault.unlock_failed',
      })
      await other.session.unlock(newPassphrase)
      const next = await backup(other, newPassphrase)
      const second = createWallet()
      await backupRestoreWithKit(
        { file: next, recoveryKey: kit.recoveryKey, newPassphrase },
        second,
      )
      expect(await keysOf(second)).toEqual(await keysOf(wallet))
    })

    it('leaves no vault for a kit that is another, mistyped, or in no such backup', async () => {
      const { recoveryKeyText } = await createWallet().session.create(PASSPHRASE)
      const refused = (key: string, code: string) =>
        expect(
          backupRestoreWithKit({ file, recoveryKey: key, newPassphrase }, other),
        ).rejects.toMatchObject({ code })

      await refused(recoveryKeyText, 'vault.unlock_failed')
      await refused(recoveryKey.slice(0, -1), 'request.invalid')
      await refused(secretKey, 'request.invalid')

      expect(await other.session.state()).toBe('none')
    })

    it('C84: makes no guess at a recovery key free', async () => {
      const { recoveryKeyText } = await createWallet().session.create(PASSPHRASE)
      const guess = (key: string) =>
        backupRestoreWithKit({ file, recoveryKey: key, newPassphrase }, other)
      for (let guesses = 0; guesses < 4; guesses++) {
        await expect(guess(recoveryKeyText)).rejects.toMatchObject({ code: 'vault.unlock_failed' })
      }

      await expect(guess(recoveryKeyText)).rejects.toMatchObject({
        details: { retryAfterMs: 5_000 },
      })
      await expect(guess(recoveryKey)).rejects.toMatchObject({ code: 'vault.unlock_failed' })
    })

    it('takes the place of no vault', async () => {
      await kitOf(other)

      await expect(
        backupRestoreWithKit({ file, recoveryKey, newPassphrase }, other),
      ).rejects.toMatchObject({ code: 'sync.conflict' })
      await other.session.unlock(PASSPHRASE)
    })
  })

  it('takes the place of no vault', async () => {
    const file = await backup()
    const other = createWallet()
    await kitOf(other)

    await expect(backupRestore({ file, ...credentials, secretKey }, other)).rejects.toMatchObject({
      code: 'sync.conflict',
    })
  })

  it('of the same vault is shown before it is merged', async () => {
    await bring([{ index: 0, provider: 'openai' }])
    const file = await backup()
    const [first] = await listKeys(await wallet.session.required(), wallet.removals)
    if (!first) throw new Error('no key')
    await (await wallet.session.required()).removeRecord(first.id)
    await bring([{ index: 1, provider: 'groq' }])

    const shown = await backupPreview({ file, credentials }, wallet)
    expect(shown).toMatchObject({ kind: 'same', outcome: { deleted: 1, added: 0, unchanged: 1 } })
    expect(await keysOf(wallet)).toHaveLength(1)

    const { outcome } = await backupMerge({ file, credentials }, wallet)
    expect(shown.kind === 'same' && shown.outcome).toEqual(outcome)
  })

  it('of another vault gives its keys, and nothing else', async () => {
    await bring()
    const file = await backup()
    const other = createWallet()
    await kitOf(other)
    const opening: UiParams<'backup.preview'> = {
      file,
      credentials: { ...credentials, secretKey },
    }

    const shown = await backupPreview(opening, other)
    expect(shown).toMatchObject({ kind: 'other', preview: { kind: 'preview', format: 'backup' } })
    expect(JSON.stringify(shown)).not.toContain(groqKey('two'))
    await expect(backupMerge(opening, other)).rejects.toMatchObject({
      code: 'request.unprocessable',
    })
    const chosen: ChosenKey[] = [{ index: 1, provider: 'groq' }]
    expect(await backupImport({ ...opening, chosen }, other)).toMatchObject({
      keys: [{ provider: 'groq' }],
    })
    expect(await keysOf(other)).toMatchObject([{ secret: groqKey('two') }])
  })

  it('C84: makes no guess at the passphrase free', async () => {
    const file = await backup()
    const guess = () =>
      backupPreview({ file, credentials: { passphrase: 'not the passphrase' } }, wallet)
    for (let guesses = 0; guesses < 4; guesses++) {
      await expect(guess()).rejects.toMatchObject({ code: 'vault.unlock_failed' })
    }

    const error: unknown = await guess().catch((thrown: unknown) => thrown)

    expect(isWalletError(error, 'vault.unlock_failed') && error.details?.retryAfterMs).toBe(5_000)
    await expect(wallet.session.unlock(PASSPHRASE)).rejects.toMatchObject({
      code: 'vault.unlock_failed',
    })
  })

  it('that is none is refused', async () => {
    const file = toBase64url(new TextEncoder().encode('VLTKBACKUP 1\nnothing'))
    await expect(backupPreview({ file, credentials }, wallet)).rejects.toMatchObject({
      code: 'vault.corrupt',
    })
  })
})

describe('a vault with a damaged entry (C85)', () => {
  it('says so, and goes on with the others', async () => {
    const store = createMemoryVaultStore()
    const damaged = createWallet(store)
    await kitOf(damaged)
    await bring(bothKeys, damaged)
    const [first] = await listKeys(await damaged.session.required(), damaged.removals)
    if (!first) throw new Error('no key')
    const row = store.contents.rows.get(first.id) as { envelope: Uint8Array }
    const envelope = row.envelope.map((byte, index) => (index === 90 ? byte ^ 1 : byte))
    store.contents.rows.set(first.id, { ...row, envelope })

    const found = await recoveryGet({}, damaged)
    expect(found).toEqual({ state: 'open', damagedCount: 1 })
    await vaultReauthenticate({ passphrase: PASSPHRASE }, damaged)
    expect(await exportKeys({ format: 'env' }, damaged)).toMatchObject({
      keyCount: 1,
      damagedCount: 1,
    })
    expect(store.contents.rows.get(first.id)).toEqual({ ...row, envelope })

    await damaged.session.lock()
    expect(await recoveryGet({}, damaged)).toMatchObject({ state: 'present', hasPassphrase: true })
  })
})
