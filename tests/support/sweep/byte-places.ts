import type { Dirent } from 'node:fs'
import { open, readFile, readdir, type FileHandle } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Browser } from 'puppeteer'
import type { Haystack } from './marker.ts'

/** Every file of the profile, as it lies on disk now. */
export async function profileFiles(profileDir: string): Promise<readonly Haystack[]> {
  const haystacks: Haystack[] = []
  for (const path of await filesBelow(profileDir)) {
    // A browser at work removes files, and folders, while they are listed.
    const bytes = await readFile(path).catch(() => null)
    if (bytes) {
      haystacks.push({ place: 'profile files', of: relative(profileDir, path), bytes, markers: [] })
    }
  }
  return haystacks
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const pathsOf = (wanted: (entry: Dirent) => boolean) =>
    entries.filter(wanted).map(({ name }) => join(folder, name))
  const below = pathsOf((entry) => entry.isDirectory()).map((path) =>
    filesBelow(path).catch(() => []),
  )
  return [...pathsOf((entry) => entry.isFile()), ...(await Promise.all(below)).flat()]
}

/**
 * The memory of each process that renders web pages: what heap snapshots leave out (bytes, freed
 * strings, workers). Linux only; empty where the system does not let us read it.
 */
export async function rendererMemory(browser: Browser): Promise<readonly Haystack[]> {
  if (process.platform !== 'linux') return []
  const session = await browser.target().createCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const haystacks: Haystack[] = []
  for (const { id, type } of processInfo) {
    if (type !== 'renderer') continue
    const commandLine = await readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '')
    // The wallet's own process holds keys by design; a spare renderer shows nothing yet.
    if (commandLine === '' || commandLine.includes('--extension-process')) continue
    const bytes = await readMemory(id)
    if (bytes) haystacks.push({ place: 'memory of renderers', of: String(id), bytes, markers: [] })
  }
  return haystacks
}

const PAGE_BYTES = 4096
/** Larger ones are address space a sandbox reserved, not memory. */
const LARGEST_REGION_BYTES = 8 * 1024 ** 3

interface Range {
  readonly start: number
  readonly sizeBytes: number
}

async function readMemory(processId: number): Promise<Buffer | null> {
  const maps = await readFile(`/proc/${processId}/maps`, 'latin1').catch(() => '')
  const memory = await open(`/proc/${processId}/mem`).catch(() => null)
  const pageMap = await open(`/proc/${processId}/pagemap`).catch(() => null)
  try {
    if (!memory || !pageMap) return null
    const read: Buffer[] = []
    for (const region of writableRegions(maps)) {
      for (const range of await residentRanges(pageMap, region)) {
        const bytes = Buffer.allocUnsafe(range.sizeBytes)
        // A process at work gives memory back while it is read.
        const result = await memory.read(bytes, 0, bytes.length, range.start).catch(() => null)
        if (result) read.push(bytes.subarray(0, result.bytesRead))
      }
    }
    return Buffer.concat(read)
  } finally {
    await memory?.close()
    await pageMap?.close()
  }
}

/** Anonymous memory a process may write: heaps and stacks, not files. */
function writableRegions(maps: string): readonly Range[] {
  return maps.split('\n').flatMap((line) => {
    const match = /^([0-9a-f]+)-([0-9a-f]+) rw.. \S+ 00:00 /.exec(line)
    if (!match) return []
    const start = Number.parseInt(match[1] ?? '', 16)
    const sizeBytes = Number.parseInt(match[2] ?? '', 16) - start
    return sizeBytes <= LARGEST_REGION_BYTES ? [{ start, sizeBytes }] : []
  })
}

/** The parts of a region that are in memory or swapped out: eight bytes a page, bits 63 and 62. */
async function residentRanges(pageMap: FileHandle, region: Range): Promise<readonly Range[]> {
  const count = region.sizeBytes / PAGE_BYTES
  const entries = Buffer.alloc(count * 8)
  await pageMap.read(entries, 0, entries.length, (region.start / PAGE_BYTES) * 8)
  const ranges: Range[] = []
  let first = -1
  for (let page = 0; page <= count; page++) {
    const isThere = page < count && (entries[page * 8 + 7] ?? 0) >= 0x40
    if (isThere && first < 0) first = page
    if (!isThere && first >= 0) {
      const start = region.start + first * PAGE_BYTES
      ranges.push({ start, sizeBytes: (page - first) * PAGE_BYTES })
      first = -1
    }
  }
  return ranges
}
