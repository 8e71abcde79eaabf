import { beforeEach, describe, expect, it } from 'vitest'
import { concat, utf8 } from '../crypto/index.ts'
import { BACKUP_LIMIT_BYTES, type JsonObject } from '../protocol/index.ts'
import { createMemoryVaultStore, fastTestKdf, type MemoryVaultStore } from '../testing/index.ts'
import {
  createSubject,
  key,
  nested,
  oddRecord,
  type Subject,
} from './__fixtures__/backup-subject.ts'
import { assertRefused } from './__fixtures__/stored.ts'
import { parseBackupFile } from './backup-file.ts'
import { restoreVault } from './index.ts'

let clock: Subject['clock']
let vault: Subject['vault']
let credentials: Subject['credentials']
let portsOf: Subject['portsOf']
let forge: Subject['forge']

beforeEach(async () => {
  ;({ clock, vault, credentials, portsOf, forge } = await createSubject())
})

describe('a malicious or broken backup (C90)', () => {
  let file: Uint8Array
  let empty: MemoryVaultStore
  let kdfRuns: number
  const restore = (given: Uint8Array) =>
    restoreVault(
      {
        ...portsOf(empty),
        kdf: (...parameters) => {
          kdfRuns += 1
          return fastTestKdf(...parameters)
        },
      },
      given,
      credentials,
    )

  beforeEach(async () => {
    await vault.createRecord('key', key('Work'))
    file = (await vault.createBackup()).file
    empty = createMemoryVaultStore()
    kdfRuns = 0
  })

  it('C90: larger than any is refused before it is looked at', async () => {
    const large = new Uint8Array(BACKUP_LIMIT_BYTES + 1)
    large.set(file)

    await assertRefused(empty, () => restore(large), 'request.too_large')
    expect(kdfRuns).toBe(0)
  })

  it('C90: cut, lengthened or empty is damaged, and nothing is written', async () => {
    for (const given of [
      new Uint8Array(),
      file.slice(0, 14),
      file.slice(0, 200),
      file.slice(0, -1),
      file.slice(0, -300),
      concat(file, Uint8Array.of(10)),
      concat(Uint8Array.of(0xef, 0xbb, 0xbf), file),
    ]) {
      await assertRefused(empty, () => restore(given), 'vault.corrupt')
    }
  })

  it('C90: of a later version is told from a damaged one', async () => {
    const start = parseBackupFile(file).envelope.byteOffset
    for (const place of [4, 7]) {
      const newer = file.slice()
      newer[start + place] = 2 // suite, schema
      await assertRefused(empty, () => restore(newer), 'vault.newer')
    }
  })

  it('C90: whose header is another backup’s does not open', async () => {
    clock.advance(1000)
    const later = (await vault.createBackup()).file
    const swapped = concat(
      later.slice(0, parseBackupFile(later).envelope.byteOffset),
      parseBackupFile(file).envelope,
    )

    await assertRefused(empty, () => restore(swapped), 'vault.corrupt')
  })

  it('C90: with a header that is none is refused before the passphrase is hashed', async () => {
    const { envelope, vaultId, createdAt } = parseBackupFile(file)
    const withHeader = (text: string) => concat(utf8(`VLTKBACKUP 1\n${text}\n`), envelope)
    const header = JSON.parse(Buffer.from(file).toString('latin1').split('\n')[1] ?? '') as {
      wraps: JsonObject[]
    }
    const [first = {}, ...rest] = header.wraps
    for (const given of [
      '',
      '[]',
      'null',
      '{',
      JSON.stringify({ vaultId, createdAt }),
      JSON.stringify({ ...header, more: 1 }),
      JSON.stringify({ ...header, createdAt: '1' }),
      JSON.stringify({ ...header, vaultId: 'x' }),
      JSON.stringify({ ...header, wraps: [] }),
      JSON.stringify({ ...header, wraps: [first, first, ...rest] }),
      JSON.stringify({ ...header, wraps: [{ ...first, envelope: 'a' }] }),
      JSON.stringify({ ...header, wraps: [{ ...first, envelope: '=' }] }),
      JSON.stringify({ ...header, wraps: [{ ...first, more: 1 }] }),
      `{"wraps": ${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      `${' '.repeat(64 * 1024)}${JSON.stringify(header)}`,
    ]) {
      await assertRefused(empty, () => restore(withHeader(given)), 'vault.corrupt')
    }
    expect(kdfRuns).toBe(0)
  })

  it.each([
    ['cheap to guess from', { m: 1024, t: 1 }],
    ['endless', { m: 2 ** 30, t: 2 ** 30 }],
  ])('C81, C90: with a hash that is %s is refused before hashing', async (_, change) => {
    const text = Buffer.from(file).toString('latin1')
    const params = `{\\"kdf\\":{\\"alg\\":\\"argon2id\\",\\"m\\":${change.m},\\"p\\":1,\\"t\\":${change.t},\\"v\\":19}`
    const changed = text.replace(/\{\\"kdf\\":\{[^}]*\}/, params)
    expect(changed).not.toBe(text)

    await assertRefused(empty, () => restore(Buffer.from(changed, 'latin1')), 'vault.corrupt')
    expect(kdfRuns).toBe(0)
  })

  it('C90: of a friend who gave the keys with it cannot be deeper or odder than records are', async () => {
    const stamp = ['01a1ee565e000001', vault.deviceId]
    for (const records of [
      [oddRecord({ fields: { a: [nested(60), ...stamp] } })],
      [oddRecord({ fields: { a: ['x', ...stamp, 1] } })],
      [oddRecord({ fields: { a: ['x', 'no clock', vault.deviceId] } })],
      [oddRecord({ more: 1 })],
      [oddRecord({ kind: 7 })],
      [oddRecord({}), oddRecord({})],
      [oddRecord({}, 'not an id')],
    ]) {
      const forged = forge(file, records)
      await assertRefused(empty, () => restore(forged), 'vault.corrupt')
    }
    // A record under the id of a wrap would take its place.
    const [wrap] = parseBackupFile(file).wraps
    const forged = forge(file, [oddRecord({}, wrap?.recordId)])
    await assertRefused(empty, () => restore(forged), 'vault.corrupt')
  })
})
