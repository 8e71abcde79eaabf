import { chmodSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTemporaryFolder } from '../testing/index.ts'
import { preparePrivateFolder, readPrivateFile, writeNewPrivateFile } from './private-file.ts'

let folder: ReturnType<typeof createTemporaryFolder>
let path: string

beforeEach(() => {
  folder = createTemporaryFolder()
  path = join(folder.path, 'file')
})
afterEach(() => folder.remove())

const bytes = new TextEncoder().encode('what is in it')

it('writes a file that only its owner may read, whatever the umask', () => {
  const before = process.umask(0)
  try {
    writeNewPrivateFile(path, bytes)
  } finally {
    process.umask(before)
  }

  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readPrivateFile(path, 100)).toEqual(bytes)
})

it('writes over nothing, and leaves no draft', () => {
  writeFileSync(path, 'somebody’s')

  expect(() => {
    writeNewPrivateFile(path, bytes)
  }).toThrow('is there already')
  expect(readFileSync(path, 'utf8')).toBe('somebody’s')
  expect(readdirSync(folder.path)).toEqual(['file'])
})

it.each([0o640, 0o604, 0o660, 0o601])(
  'C112: does not read a file of mode %o, which other users can',
  (mode) => {
    writeNewPrivateFile(path, bytes)
    chmodSync(path, mode)

    expect(() => readPrivateFile(path, 100)).toThrow(`chmod go= ${path}`)
  },
)

it('reads no folder, no file that is larger than it may be, and none that is not there', () => {
  writeNewPrivateFile(path, bytes)

  expect(() => readPrivateFile(folder.path, 1e6)).toThrow('is no such file')
  expect(() => readPrivateFile(path, 3)).toThrow('is no such file')
  expect(() => readPrivateFile(`${path}2`, 3)).toThrow('There is no file')
})

it('makes a folder nobody else looks into, and uses no open one', () => {
  const made = join(folder.path, 'a', 'b')
  preparePrivateFolder(made)
  expect(existsSync(made)).toBe(true)
  expect(statSync(made).mode & 0o777).toBe(0o700)

  chmodSync(made, 0o755)
  expect(() => {
    preparePrivateFolder(made)
  }).toThrow('Others on this computer')
})
