/** Files that are their owner's alone. */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { AgentError } from '../agent-error.ts'

const OTHERS = 0o077
const OWNER_ONLY = 0o600

/** Makes a folder that nobody else may look into; one that is there must be like that already. */
export function preparePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  assertPrivate(path, statSync(path))
}

/**
 * Reads a file that nobody else may read.
 * @throws AgentError for one that others may read, that is another user's, or that is none
 */
export function readPrivateFile(path: string, limitBytes: number): Uint8Array<ArrayBuffer> {
  const file = open(path)
  try {
    // Of what was opened: between a look at the name and the reading another file could take it.
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > limitBytes) throw new AgentError(`${path} is no such file.`)
    assertPrivate(path, stats)
    return Uint8Array.from(readFileSync(file))
  } finally {
    closeSync(file)
  }
}

/**
 * Writes a new file of mode 0600: whole and on the disk, or not at all.
 * @throws AgentError where there is a file of that name
 */
export function writeNewPrivateFile(path: string, bytes: Uint8Array): void {
  const draft = writeDraft(path, bytes)
  try {
    // Unlike a rename, a link takes no name that is taken.
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new AgentError(`${path} is there already.`)
    throw error
  } finally {
    unlinkSync(draft)
  }
  syncFolderOf(path)
}

/** Makes an empty file of mode 0600 where there is none; one that is there must be private. */
export function claimPrivateFile(path: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY)
  try {
    assertPrivate(path, fstatSync(file))
  } finally {
    closeSync(file)
  }
}

function writeDraft(path: string, bytes: Uint8Array): string {
  const draft = `${path}.${randomUUID()}`
  const file = openSync(draft, 'wx', OWNER_ONLY)
  try {
    // A umask takes rights away and never adds any; this is for the owner's own.
    fchmodSync(file, OWNER_ONLY)
    writeFileSync(file, bytes)
    fsyncSync(file)
  } catch (error) {
    unlinkSync(draft)
    throw error
  } finally {
    closeSync(file)
  }
  return draft
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new AgentError(`There is no file ${path}.`)
    throw error
  }
}

/** Windows has no such modes: there the user's own folder is what keeps others out. */
function assertPrivate(path: string, { mode, uid }: Stats): void {
  if (process.getuid === undefined) return
  if (uid !== process.getuid()) throw new AgentError(`${path} belongs to another user.`)
  if ((mode & OTHERS) !== 0) {
    throw new AgentError(`Others on this computer can read ${path}. Run: chmod go= ${path}`)
  }
}

/** The name of a file is on the disk only once its folder is. */
function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } catch (error) {
    // Windows opens no folder for that.
    if (!['EPERM', 'EISDIR', 'EACCES'].includes(codeOf(error))) throw error
  } finally {
    closeSync(folder)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
