/**
 * What a vault owes to whoever changes its keys, over any store: each change is there as a whole or not
 * at all, whichever write fails and wherever the process dies (C86, C87).
 */
import { isWalletError } from '../protocol/index.ts'
import {
  addPasskey,
  changePassphrase,
  createPasskeyQuestion,
  recoverVault,
  removePasskey,
  renewRecoveryKey,
  rotateRootKey,
  unlockVault,
  unlockWithPasskey,
  type OpenVault,
  type PasskeyAnswer,
  type RecoveryKit,
  type VaultPorts,
  type VaultStore,
} from '../vault/index.ts'
import { createFakeClock } from './fake-clock.ts'
import { fastTestKdf } from './fast-kdf.ts'
import { KNOWN_PASSPHRASE, createKnownVault, readableIn } from './known-vault.ts'
import { createSeededRandom } from './seeded-random.ts'
import { assertSame, shown, type VaultStoreSubject } from './vault-store-contract.ts'

/** One change, tried where it cannot succeed. Each rejects with what differs. */
export interface VaultChangeCase {
  readonly title: string
  /** The vault is as it was, whichever write finds no room. */
  onFullDisk(subject: VaultStoreSubject): Promise<void>
  /** The vault is the old one or the new one, wherever the process dies. */
  onDeath(subject: VaultStoreSubject): Promise<void>
}

const NEW_PASSPHRASE = 'another harbour at dusk'

/** A vault before the change. */
interface Before {
  readonly ports: VaultPorts
  readonly vault: OpenVault
  readonly kit: RecoveryKit
  readonly passkey: PasskeyAnswer
}

/** What opens a vault, tried one after another. */
type Ways = Readonly<Record<'old passphrase' | 'new passphrase' | 'kit' | 'passkey', boolean>>

interface Change {
  readonly name: string
  run(before: Before): Promise<unknown>
  /** What opens the vault once it is done. */
  readonly after: Ways
}

const CHANGES: readonly Change[] = [
  {
    name: 'another passphrase',
    run: ({ ports }) =>
      changePassphrase(ports, { passphrase: KNOWN_PASSPHRASE, newPassphrase: NEW_PASSPHRASE }),
    after: { 'old passphrase': false, 'new passphrase': true, kit: true, passkey: true },
  },
  {
    name: 'another root key and passphrase',
    run: ({ ports }) =>
      rotateRootKey(ports, { passphrase: KNOWN_PASSPHRASE, newPassphrase: NEW_PASSPHRASE }),
    after: { 'old passphrase': false, 'new passphrase': true, kit: false, passkey: false },
  },
  {
    name: 'another root key, the passkey touched',
    run: ({ ports, passkey }) =>
      rotateRootKey(ports, { passphrase: KNOWN_PASSPHRASE, passkeys: [passkey] }),
    after: { 'old passphrase': true, 'new passphrase': false, kit: false, passkey: true },
  },
  {
    name: 'a recovery',
    run: ({ ports, kit: { recoveryKeyText } }) =>
      recoverVault(ports, { recoveryKeyText, newPassphrase: NEW_PASSPHRASE }),
    after: { 'old passphrase': false, 'new passphrase': true, kit: false, passkey: false },
  },
  {
    name: 'another recovery key',
    run: ({ ports }) => renewRecoveryKey(ports, KNOWN_PASSPHRASE),
    after: { 'old passphrase': true, 'new passphrase': false, kit: false, passkey: true },
  },
  {
    name: 'a passkey less',
    run: ({ ports, vault, passkey }) => removePasskey(ports, vault, passkey.credentialId),
    after: { 'old passphrase': true, 'new passphrase': false, kit: true, passkey: false },
  },
]

const BEFORE: Ways = { 'old passphrase': true, 'new passphrase': false, kit: true, passkey: true }

export const VAULT_CHANGE_CASES: readonly VaultChangeCase[] = CHANGES.map((change) => ({
  title: change.name,
  onFullDisk: (subject) => failEachWrite(subject, change),
  onDeath: (subject) => dieAtEachStep(subject, change),
}))

async function failEachWrite(subject: VaultStoreSubject, change: Change): Promise<void> {
  const before = await prepare(subject.store)
  const records = await readableIn(before.vault, ['key', 'grant'])
  for (let write = 1; ; write++) {
    subject.failAtWrite(write)
    const refusal = await codeOf(change.run(before))
    subject.failAtWrite(0)
    if (refusal === null) {
      assertSame(write > 1, true, 'a write failed at least once')
      break
    }
    assertSame(refusal, 'vault.quota', 'the refusal')
    assertSame(await waysOpen(before), BEFORE, 'what opens the vault')
    await assertReadable(before, records)
  }
  assertSame(await waysOpen(before), change.after, 'what opens the vault')
  await assertReadable(before, records)
}

async function dieAtEachStep(subject: VaultStoreSubject, change: Change): Promise<void> {
  const before = await prepare(subject.store)
  const records = await readableIn(before.vault, ['key', 'grant'])
  for (let step = 0; ; step++) {
    const store = dyingStore(subject.store, step)
    const died = await codeOf(change.run({ ...before, ports: { ...before.ports, store } }))
    const ways = await waysOpen(before)
    await assertReadable(before, records)
    if (shown(ways) === shown(change.after)) return
    assertSame(ways, BEFORE, 'what opens the vault')
    assertSame(died, 'died', 'how it ended')
  }
}

async function prepare(store: VaultStore): Promise<Before> {
  const random = createSeededRandom('vault changes')
  const ports = { store, kdf: fastTestKdf, clock: createFakeClock().now, random }
  const { vault, kit } = await createKnownVault(ports)
  const passkey = {
    credentialId: 'Y3JlZGVudGlhbA',
    prf: { first: random(32), second: random(32) },
  }
  await addPasskey(ports, vault, { ...passkey, prfSalt: createPasskeyQuestion(random).prfSalt })
  return { ports, vault, kit, passkey }
}

/** A store whose process dies at a step: 0 before the first commit, 1 after it, 2 before the second. */
function dyingStore(store: VaultStore, step: number): VaultStore {
  let steps = 0
  const live = () => {
    if (steps++ === step) throw new Error('the process died')
  }
  return {
    readHeader: () => store.readHeader(),
    readRow: (recordId) => store.readRow(recordId),
    readRows: () => store.readRows(),
    readAll: () => store.readAll(),
    readWraps: () => store.readWraps(),
    commit: async (change) => {
      live()
      await store.commit(change)
      live()
    },
  }
}

async function waysOpen({ ports, kit, passkey }: Before): Promise<Ways> {
  const dead = { ...ports, store: dyingStore(ports.store, 0) }
  const { recoveryKeyText } = kit
  return {
    'old passphrase': (await codeOf(unlockVault(ports, KNOWN_PASSPHRASE))) === null,
    'new passphrase': (await codeOf(unlockVault(ports, NEW_PASSPHRASE))) === null,
    // It dies before it recovers anything, so the kit is only tried.
    kit:
      (await codeOf(recoverVault(dead, { recoveryKeyText, newPassphrase: NEW_PASSPHRASE }))) ===
      'died',
    passkey: (await codeOf(unlockWithPasskey(ports, passkey))) === null,
  }
}

async function assertReadable({ ports }: Before, records: unknown): Promise<void> {
  const [opened] = await Promise.allSettled([
    unlockVault(ports, KNOWN_PASSPHRASE).catch(() => unlockVault(ports, NEW_PASSPHRASE)),
  ])
  assertSame(opened.status, 'fulfilled', 'whether a passphrase opens the vault')
  if (opened.status === 'rejected') return
  assertSame(await readableIn(opened.value, ['key', 'grant']), records, 'the records')
}

/** Null where it went well, the code of a refusal, or that it died. */
async function codeOf(outcome: Promise<unknown>): Promise<string | null> {
  try {
    await outcome
    return null
  } catch (error) {
    return isWalletError(error) ? error.code : 'died'
  }
}
