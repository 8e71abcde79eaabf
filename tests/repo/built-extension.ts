import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export const ROOT = join(import.meta.dirname, '..', '..')
const EXTENSION_DIR = join(ROOT, '.output', 'chrome-mv3')

/** Text of a file of the built extension. */
export function builtFile(name: string): string {
  return readFileSync(join(EXTENSION_DIR, name), 'utf8')
}

/** Its size as it would be transferred, in bytes. */
export function gzipBytes(name: string): number {
  return gzipSync(readFileSync(join(EXTENSION_DIR, name))).length
}

/** Every file below a folder of the project, by path from its root. */
export function filesBelow(folder: string, extensions: readonly string[]): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && extensions.includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !path.includes('node_modules') && !path.includes('.output'))
}

/** The manifest as built. */
export function builtManifest(): Record<string, unknown> {
  return JSON.parse(builtFile('manifest.json')) as Record<string, unknown>
}
