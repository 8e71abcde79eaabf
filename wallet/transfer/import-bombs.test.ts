import { describe, expect, it } from 'vitest'
import { createKey } from './__fixtures__/keys.ts'
import { IMPORT_LIMIT_CHARACTERS, readImport } from './index.ts'

const groq = createKey('groq')
const MEBI = 1024 * 1024
const TOO_LARGE = { kind: 'refused', reason: 'too-large' }

/** The time of this thread alone, whatever else the machine does. */
function timed(text: string): { readonly reading: unknown; readonly ms: number } {
  const before = process.threadCpuUsage()
  const reading = readImport(text, [])
  const { user, system } = process.threadCpuUsage(before)
  return { reading, ms: (user + system) / 1000 }
}

/** Text of about `sizeCharacters`, made of one part. */
const filled = (part: string, sizeCharacters: number) =>
  part.repeat(Math.ceil(sizeCharacters / part.length))

describe('import bombs (C90)', { timeout: 120_000 }, () => {
  it.each([
    ['.env lines', `KEY_OF_MINE=${groq}\n`],
    ['cells', 'a,'],
    ['JSON', '{"items":['],
    ['blanks', ' '],
  ])('C90: 50 MB of %s are refused before they are looked at', (_, part) => {
    const { reading, ms } = timed(filled(part, 50 * MEBI))

    expect(reading).toEqual(TOO_LARGE)
    expect(ms).toBeLessThan(50)
  })

  it.each([
    ['lines of .env', 'A=1\n'],
    ['lines of a table', 'a,b\n'],
    ['empty lines', '\n'],
    ['cells of one row', 'a,'],
    ['cells of another separator', 'a;'],
  ])('C90: a million %s are refused before they are read', (_, part) => {
    const { reading, ms } = timed(`x,y\n${part.repeat(1_000_000)}`)

    expect(reading).toEqual(TOO_LARGE)
    expect(ms).toBeLessThan(1000)
  })

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['objects in arrays', '[{"a":', '}]'],
  ])('C90: JSON of a million nested %s is refused', (_, open, close) => {
    const opened = open.repeat(1_000_000)

    expect(timed(opened).reading).toEqual(TOO_LARGE)
    expect(timed(`${opened}1${close.repeat(1_000_000)}`).reading).toEqual(TOO_LARGE)
  })

  it('C90: JSON nested a little more than any export is refused, and a little less is read', () => {
    const nested = (depth: number) =>
      `{"items": [{"name": "x", "login": {"password": "${groq}"}}], "a": ${'['.repeat(depth)}"]["${']'.repeat(depth)}}`

    expect(readImport(nested(32), [])).toEqual(TOO_LARGE)
    expect(readImport(nested(31), [])).toMatchObject({ keys: [{ secret: groq }] })
  })

  it('C90: JSON of millions of small values is refused', () => {
    expect(timed(`{"items":[${'0,'.repeat(2_000_000)}0]}`).reading).toEqual(TOO_LARGE)
    expect(timed(`{"items":[${'[],'.repeat(1_000_000)}[]]}`).reading).toEqual(TOO_LARGE)
  })

  it('C90: more keys than a person can have are refused', () => {
    const keys = (count: number) =>
      Array.from({ length: count }, (_, index) => `groq,Key,k-${index},,,,\n`).join('')
    const head = 'provider,label,key,notes,created,expires,archived\n'

    expect(readImport(head + keys(10_001), [])).toEqual(TOO_LARGE)
    expect(readImport(head + keys(10_000), [])).toMatchObject({ kind: 'preview' })
  })

  // Each is read to the end: what is looked for never comes, or comes everywhere.
  it.each([
    ['an assignment of blanks', `A=${' '.repeat(MEBI)}`, ' '],
    ['# without a blank', 'A=', '#x'],
    ['blanks before no assignment', 'A', ' '],
    ['quotes that open', '', 'A="\n'],
    ['quotes that never close', '', `A='x\nB="y\n`],
    ['backslashes in quotes', 'A="', '\\"'],
    ['export and blanks', '', 'export  '],
    ['quoted cells in one row', 'a,b\n', '"a",'],
    ['open quotes in cells', 'a,b\n', '"a"b,'],
    ['quotes alone', 'a,b\n', '"'],
    ['one long cell', 'a,b\n', `${groq} `],
    ['one long note', '{"items":[{"name":"x","notes":"', 'sk-proj-aaaa '],
    ['keys that are almost some', '', `A=${groq}x\n`],
    ['long words', '', `A=sk-proj-${'a'.repeat(4000)}\n`],
    ['apostrophes', 'a,b\n', "'"],
    ['strings that never end', '{"items":["', '\\"'],
  ])('C90: %s take time in proportion to their length', (_, start, part) => {
    const end = start.startsWith('{') ? '"}]}' : ''
    const text = (sizeCharacters: number) => start + filled(part, sizeCharacters) + end
    timed(text(MEBI / 32))
    const short = timed(text(MEBI / 32)).ms
    const long = timed(text(MEBI / 4)).ms

    // Eight times the text: sixty-four times the time where it grows with the square.
    expect(long).toBeLessThan(Math.max(24 * short, 500))
  })

  it('C90: a file of the greatest size takes time in proportion to its length', () => {
    const line = `SOME_NAME=${'v'.repeat(60)} # comment\n`
    const most = filled(line, IMPORT_LIMIT_CHARACTERS - 100)
    const read = (lines: number) => timed(most.slice(0, lines * line.length) + `K=${groq}`)
    read(25_000)
    const short = read(25_000)
    const long = read(199_999)

    expect(long.reading).toMatchObject({ keys: [{ secret: groq }] })
    expect(long.ms).toBeLessThan(Math.max(24 * short.ms, 500))
  })
})
