import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, it, vi } from 'vitest'
import { zipFolder } from '../../scripts/zip-folder.mjs'
import { copyClean } from '../support/clean-copy.ts'
import { ROOT } from './built-extension.ts'

/** As on a machine far away that belongs to somebody else. */
const ELSEWHERE = { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', USER: 'somebody' }

/** A whole build, on a machine that has other things to do. */
const BUILD_MS = 240_000

const folders: string[] = []

afterEach(() => {
  vi.useRealTimers()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

it(
  'C109: a clean copy in another place builds the same zip, byte for byte',
  { timeout: BUILD_MS },
  async () => {
    const copy = createFolder()
    copyClean(ROOT, copy)
    await buildIn(copy)
    const built = join('.output', 'chrome-mv3')

    // File by file first: the name of the one that differs says more than the hash of the whole.
    expect(hashesOf(join(copy, built))).toEqual(hashesOf(join(ROOT, built)))
    expect(hash(zipFolder(join(copy, built)))).toBe(hash(zipFolder(join(ROOT, built))))
  },
)

it('C109: a zip does not tell when or where its files were written', () => {
  const [first, second] = [createFolder(), createFolder()]
  const write = (folder: string, names: readonly string[], time: string): void => {
    vi.useFakeTimers({ now: new Date(time), toFake: ['Date'] })
    for (const name of names) {
      writeFileSync(join(folder, name), `text of ${name}`, { mode: name === 'a' ? 0o600 : 0o644 })
      utimesSync(join(folder, name), new Date(time), new Date(time))
    }
  }

  write(first, ['a', 'b', 'c'], '2026-01-01T00:00:00Z')
  const before = hash(zipFolder(first))
  write(second, ['c', 'b', 'a'], '2027-07-01T12:34:56Z')

  expect(hash(zipFolder(second))).toBe(before)
})

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'valetkey-rebuilt-'))
  folders.push(folder)
  return folder
}

async function buildIn(folder: string): Promise<void> {
  const wxt = join(folder, 'node_modules', 'wxt', 'bin', 'wxt.mjs')
  const env = { PATH: process.env['PATH'], HOME: folder, ...ELSEWHERE }
  await promisify(execFile)(process.execPath, [wxt, 'build'], { cwd: folder, env })
}

function hashesOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return Object.fromEntries(
    files.map((file) => [file.slice(folder.length + 1), hash(readFileSync(file))]),
  )
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
