import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder, its owner's alone, and how to remove it. */
export function createTemporaryFolder(): { readonly path: string; remove(): Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), 'valetkey-agent-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
