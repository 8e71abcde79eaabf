import * as fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import papaparse from 'papaparse'
import { describe, expect, it } from 'vitest'
import { PROVIDER_IDS } from '../protocol/index.ts'
import { PROVIDERS } from '../providers/index.ts'
import { createKey, free, previewOf } from './__fixtures__/keys.ts'
import { writeCsv, writeEnv, type ExportedKey } from './index.ts'

const FORMULA_SIGNS = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']

const work: ExportedKey = {
  provider: 'openai',
  baseUrl: null,
  secret: createKey('openai'),
  label: 'Work',
  notes: '',
  createdAt: 1_795_000_000_000,
  expiresAt: null,
  archived: false,
}
const cellsOf = (csv: string, delimiter = ',') =>
  papaparse
    .parse(csv, { delimiter, newline: '\n', quoteChar: '"', header: false })
    .data.map((row) => row.map((cell) => cell.replace(/\r$/, '')))

/** Texts with a taste for what tables and shells give a meaning to. */
const text = (maxLength: number) =>
  fc.string({
    unit: fc.oneof(
      fc.constantFrom(...FORMULA_SIGNS, "'", '"', ',', ';', '|', '\n', '#', '$', '`', '\\', ' '),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength,
  })
/** What an import leaves as it is. */
const label = text(40).map((value) => value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim())
const secret = fc
  .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 60 })
  .filter((value) => !value.includes(' '))
const time = fc.integer({ min: 0, max: 253_402_300_799_999 })
/** A server of one's own is no name a table could hold. */
const HOSTED = PROVIDER_IDS.filter((id) => PROVIDERS[id].hosts.length > 0)
const key: fc.Arbitrary<ExportedKey> = fc.record({
  provider: fc.constantFrom(...HOSTED),
  baseUrl: fc.constant(null),
  secret,
  label,
  notes: text(60).map((value) => value.replaceAll('\0', '').replace(/\r\n?/g, '\n')),
  createdAt: time,
  expiresAt: fc.option(time, { nil: null }),
  archived: fc.boolean(),
})

describe('the table of keys', { timeout: 60_000 }, () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6 }), (keys) => {
        const preview = previewOf(`\ufeff${writeCsv(keys)}`)

        expect(preview).toMatchObject({ format: 'valetkey-csv', refused: [], notUnderstood: [] })
        const came = preview.keys.map((found) => ({
          provider: found.provider,
          baseUrl: null,
          secret: found.secret,
          label: found.label,
          notes: found.notes,
          createdAt: found.createdAt,
          expiresAt: found.expiresAt,
          archived: found.archived,
        }))
        expect(came).toEqual(keys)
      }),
      { numRuns: 200 },
    )
  })

  it.each(FORMULA_SIGNS)('starts no cell with %j (C90)', (sign) => {
    const formula = `${sign}cmd|' /C calc'!A0`
    const csv = writeCsv([{ ...work, label: formula, notes: formula, secret: `${sign}x` }])
    const [, cells = []] = cellsOf(csv)

    expect([cells[1], cells[2], cells[3]]).toEqual([`'${formula}`, `'${sign}x`, `'${formula}`])
  })

  it('never lets a cell begin with a formula, whatever separates cells (C90)', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), (keys) => {
        // As a program with other settings takes the file apart: quotes inside a cell mean nothing to it.
        const cells = writeCsv(keys)
          .split(/[\n\r]/)
          .flatMap((line) => [',', ';', '\t', '|'].flatMap((separator) => line.split(separator)))
        const starts = cells.map((cell) => cell.replace(/^"/, '').charAt(0))

        expect(starts.filter((start) => FORMULA_SIGNS.includes(start))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('names the server of a key of one’s own, and takes none from a file (C27)', () => {
    const own = { provider: 'custom' as const, baseUrl: 'http://127.0.0.1:1234/v1' }
    const home = { ...work, ...own, secret: free('own', 30) }
    const csv = writeCsv([home])

    expect(csv).toContain('"","http://127.0.0.1:1234/v1"')
    expect(writeEnv([home, home])).toMatch(
      /^OPENAI_COMPATIBLE_BASE_URL=http:\/\/127.*_BASE_URL_2=/ms,
    )
    const [fromTable] = previewOf(csv).keys
    expect(fromTable).toMatchObject({ provider: 'custom', secret: home.secret })
    expect(JSON.stringify(fromTable)).not.toContain('127.0.0.1')
  })

  it('is read without its last column, as an earlier version wrote it', () => {
    const csv = writeCsv([work])
      .replaceAll(',"base_url"\r\n', '\r\n')
      .replace(/,""\r\n$/, '\r\n')

    expect(previewOf(csv)).toMatchObject({ format: 'valetkey-csv', keys: [{ label: 'Work' }] })
  })

  it('quotes every cell, and doubles the quotes in it', () => {
    const csv = writeCsv([{ ...work, label: 'a "big", one\nor two', archived: true }])

    expect(csv.split('\r\n')).toEqual([
      '"provider","label","key","notes","created","expires","archived","base_url"',
      `"openai","a ""big"", one\nor two","${work.secret}","","2026-11-18T11:06:40.000Z","","yes",""`,
      '',
    ])
  })

  it.each([
    ['a provider nobody knows', `"acme","L","${work.secret}","","","",""`],
    ['no key', '"openai","L","","","","",""'],
    ['a key that is none', '"openai","L","clé secrète","","","",""'],
    ['a day that is none', `"openai","L","${work.secret}","","2026-13-40T00:00:00.000Z","",""`],
    ['a date of another form', `"openai","L","${work.secret}","","","tomorrow",""`],
    ['too few cells', '"openai"'],
  ])('with %s in a row is read but for that row', (_, row) => {
    const preview = previewOf(writeCsv([work]).replace('\r\n', `\r\n${row}\r\n`))

    expect(preview.notUnderstood).toEqual([{ place: 2, reason: 'row' }])
    expect(preview.keys).toMatchObject([{ place: 3, label: 'Work', secret: work.secret }])
  })

  it('leaves the apostrophes of other tables alone', () => {
    expect(previewOf(`name,key\n'=Work,${work.secret}`).keys[0]?.label).toBe("'=Work")
  })
})

describe('the .env file', { timeout: 60_000 }, () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6 }), (keys) => {
        const preview = previewOf(`${writeEnv(keys)}\n# end`)

        expect(preview.notUnderstood).toEqual([])
        expect(preview.keys.map((found) => [found.provider, found.label, found.secret])).toEqual(
          keys.map((each) => [each.provider, each.label, each.secret]),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('names each key after its provider, the second one of it with a number', () => {
    const other = { ...work, label: 'Home\nA=1', secret: free('other', 20) }

    expect(writeEnv([work, { ...work, provider: 'groq', label: '' }, other]).split('\n')).toEqual([
      '# ValetKey: Work',
      `OPENAI_API_KEY=${work.secret}`,
      '',
      '# ValetKey: ',
      `GROQ_API_KEY=${work.secret}`,
      '',
      '# ValetKey: Home A=1',
      `OPENAI_API_KEY_2=${other.secret}`,
      '',
    ])
  })

  it('gives a shell the key itself, and nothing to run (C90)', () => {
    const hostile = [
      '$(echo run)',
      '`echo run`',
      "it's $HOME",
      String.raw`\"'; echo run; '`,
      "a'b\nexport RUN=1",
      '#comment',
      '~root',
      '"',
      '\\',
      '!!',
      'a&b|c;d>e',
    ]
    for (const value of hostile) {
      const script = `${writeEnv([{ ...work, secret: value }])}\nprintf %s "$OPENAI_API_KEY"`

      expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(
        // A shell knows no \n in double quotes: what it prints for one is still nothing it runs.
        value.includes("'") ? value.replaceAll('\n', '\\n') : value,
      )
    }
  })
})
