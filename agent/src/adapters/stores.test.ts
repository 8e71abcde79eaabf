import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readVaultState } from '@valetkey/wallet/vault'
import {
  LEDGER_STORE_CASES,
  USAGE_STORE_CASES,
  VAULT_CHANGE_CASES,
  VAULT_STORE_CASES,
  createFakeClock,
  createKnownVault,
  createSeededRandom,
  fastTestKdf,
  type LedgerStoreSubject,
  type VaultStoreSubject,
} from '@valetkey/wallet/testing'
import { createFileLedgerStore } from './file-ledger-store.ts'
import { createFileVaultStore } from './file-vault-store.ts'
import { openWalletFile, type WalletFile } from './wallet-file.ts'

let folder: string
let opened: WalletFile[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'valetkey-agent-'))
  opened = []
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const file of opened) file.close()
  rmSync(folder, { recursive: true })
})

const at = () => join(folder, 'wallet.db')
function open(): WalletFile {
  const file = openWalletFile(at())
  opened.push(file)
  return file
}

/** From now on a write of this sort finds the disk full. */
function fillDisk(isFull: (statement: string) => boolean): void {
  const { run } = StatementSync.prototype
  vi.spyOn(StatementSync.prototype, 'run').mockImplementation(function (
    this: StatementSync,
    ...values
  ) {
    if (isFull(this.sourceSQL)) throw Object.assign(new Error('full'), { errcode: 13 })
    return Reflect.apply(run, this, values)
  })
}

function vaultSubject(): VaultStoreSubject {
  const reopen = () => createFileVaultStore(open())
  const failAtWrite = (count: number): void => {
    vi.restoreAllMocks()
    let left = count
    fillDisk(() => --left === 0)
  }
  return { store: reopen(), failAtWrite, reopen }
}

function ledgerSubject(): LedgerStoreSubject {
  const reopen = () => createFileLedgerStore(open())
  const failWrites = (failing: boolean): void => {
    vi.restoreAllMocks()
    // Not the first write of a step: what was written before the one that fails must be undone.
    if (failing) fillDisk((statement) => !statement.includes('reservations'))
  }
  return { store: reopen(), failWrites, reopen }
}

describe('the vault in a file', () => {
  it.each(VAULT_STORE_CASES)('$title', (storeCase) => storeCase.run(vaultSubject()))

  describe.each(VAULT_CHANGE_CASES)('after $title', ({ onFullDisk, onDeath }) => {
    it('is as it was, whichever write finds no room (C86)', () => onFullDisk(vaultSubject()))

    it('is the old or the new one, wherever the process dies (C87)', () => onDeath(vaultSubject()))
  })

  it('is refused when a later version wrote it, and left as it is (C85)', () => {
    const database = new DatabaseSync(at())
    database.exec('PRAGMA user_version = 3')
    database.close()

    chmodOwn()
    expect(open).toThrow(expect.objectContaining({ code: 'vault.newer' }))
  })

  it('is not made of another database, nor of any other file (C85)', () => {
    const database = new DatabaseSync(at())
    database.exec('CREATE TABLE other (id INTEGER)')
    database.close()
    chmodOwn()
    expect(open).toThrow(expect.objectContaining({ code: 'vault.corrupt' }))

    rmSync(at())
    writeFileSync(at(), 'no database '.repeat(100), { mode: 0o600 })
    expect(open).toThrow(expect.objectContaining({ code: 'vault.corrupt' }))
  })

  it('is its owner’s alone, and so is all that SQLite writes beside it', async () => {
    const random = createSeededRandom('modes')
    const ports = { kdf: fastTestKdf, clock: createFakeClock().now, random }
    await createKnownVault({ ...ports, store: createFileVaultStore(open()) })

    for (const name of ['wallet.db', 'wallet.db-wal', 'wallet.db-shm']) {
      expect((statSync(join(folder, name)).mode & 0o777).toString(8), name).toBe('600')
    }
  })

  it('is not opened once others may read it', () => {
    open()
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodOwn(mode)
      expect(open).toThrow('Others on this computer can read')
    }
  })

  it('is on the disk before a commit resolves (C87)', async () => {
    const settings = await open().read((sql) => [
      sql('PRAGMA journal_mode').get(),
      sql('PRAGMA synchronous').get(),
    ])

    expect(settings).toEqual([{ journal_mode: 'wal' }, { synchronous: 2 }])
  })

  it('tells a damaged header from none (C85)', async () => {
    const file = open()
    await file.write((sql) => sql("INSERT INTO header (id, json) VALUES (1, 'x')").run())

    expect(await readVaultState(createFileVaultStore(file))).toBe('damaged')
  })
})

function chmodOwn(mode = 0o600): void {
  chmodSync(at(), mode)
}

describe('the ledger in a file', () => {
  it.each([...LEDGER_STORE_CASES, ...USAGE_STORE_CASES])('$title', (storeCase) =>
    storeCase.run(ledgerSubject()),
  )

  it.each([
    ['reservations', 'INSERT INTO reservations (request_id, json) VALUES (?, ?)'],
    ['usage', 'INSERT INTO usage (started_at, request_id, json) VALUES (1, ?, ?)'],
    ['used', "INSERT INTO spend (period, grant_id, json) VALUES ('total', ?, ?)"],
  ])('refuses a damaged row of %s', async (name, statement) => {
    const file = open()
    const store = createFileLedgerStore(file)
    await file.write((sql) => sql(statement).run('x', '{"nanoUsd":-1,"calls":0,"tokens":0}'))
    const reads: Record<string, () => Promise<unknown>> = {
      reservations: () => store.reservations(),
      usage: () => store.usage(5),
      used: () => store.used('x', 'total'),
    }

    await expect(reads[name]?.()).rejects.toMatchObject({ code: 'vault.corrupt' })
  })
})
