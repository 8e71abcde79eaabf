import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonicalJson, isWalletError, type JsonObject } from '../protocol/index.ts'
import { openBackupFile, parseBackupFile, sealBackupFile } from './backup-file.ts'

interface GivenBackup {
  readonly keys: Readonly<Record<string, string>>
  readonly file: string
}
interface Vectors {
  readonly backup: { readonly header: string; readonly file: string }
  readonly good: { readonly backup: GivenBackup }
  readonly negative: readonly {
    readonly area: string
    readonly name: string
    readonly given: Partial<GivenBackup>
    readonly code?: string
  }[]
}

const vectorsFile = new URL('../crypto/__vectors__/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(vectorsFile, 'utf8')) as Vectors
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

function open({ keys, file }: GivenBackup) {
  const backup = parseBackupFile(fromHex(file))
  const keyOf = (epoch: number) => {
    const key = keys[String(epoch)]
    return key === undefined ? undefined : fromHex(key)
  }
  return { backup, records: openBackupFile(backup, keyOf) }
}

describe('a backup file', () => {
  const { good } = vectors

  it('is written byte for byte from what it holds', () => {
    const { backup, records } = open(good.backup)
    const { vaultId, createdAt, wraps, epoch, envelope } = backup
    const draws = [envelope.slice(12, 36)]
    const random = (sizeBytes: number) => draws.shift() ?? new Uint8Array(sizeBytes)
    const key = fromHex(good.backup.keys[String(epoch)] ?? '')
    const header = { vaultId, createdAt, wraps }

    expect(toHex(sealBackupFile(header, { records, epoch, key }, random))).toBe(vectors.backup.file)
  })

  it('says its header in clear', () => {
    const { backup } = open(good.backup)
    const { vaultId, createdAt } = JSON.parse(vectors.backup.header) as JsonObject

    expect(backup).toMatchObject({ vaultId, createdAt, epoch: 2 })
    expect(backup.wraps.map(({ method }) => method)).toEqual(['passphrase', 'recovery'])
  })

  it('holds records with every stamp and counter', () => {
    const { records } = open(good.backup)

    expect(records).toHaveLength(1)
    expect(records[0]?.content).toMatchObject({
      kind: 'key',
      counters: expect.any(Object) as object,
    })
    expect(canonicalJson(records[0]?.content as JsonObject)).toContain('"label":[')
  })
})

describe('what is no backup', () => {
  const cases = vectors.negative.filter(({ area }) => area === 'backup')

  it('is told by more than a few cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(6)
  })

  it.each(cases)('is refused: $name → $code', ({ given, code }) => {
    let refusal: unknown
    try {
      open({ ...vectors.good.backup, ...given })
    } catch (error) {
      refusal = error
    }

    expect(code).toBeDefined()
    expect(isWalletError(refusal) && refusal.code).toBe(code)
  })

  it('is refused with any bit of it turned, cut anywhere, or with a byte more', () => {
    const file = fromHex(vectors.good.backup.file)
    const refused = (changed: Uint8Array) => {
      try {
        open({ ...vectors.good.backup, file: toHex(changed) })
        return false
      } catch (error) {
        return isWalletError(error, 'vault.corrupt') || isWalletError(error, 'vault.newer')
      }
    }
    const survivors: string[] = []
    for (let index = 0; index < file.length; index++) {
      const changed = file.slice()
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8))
      if (!refused(changed)) survivors.push(`bit of byte ${index}`)
      if (!refused(file.slice(0, index))) survivors.push(`cut at ${index}`)
    }
    if (!refused(Uint8Array.of(...file, 0))) survivors.push('one byte more')

    expect(survivors).toEqual([])
  }, 60_000)
})
