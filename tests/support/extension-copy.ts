import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Manifest {
  readonly permissions: string[]
  readonly host_permissions: string[]
}

/**
 * A copy of a built extension that has these optional permissions, hosts among them, from the start:
 * nobody here can press the browser's dialog.
 * @returns its folder, for the caller to remove
 */
export async function extensionWith(
  extensionDir: string,
  given: readonly string[],
): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'valetkey-build-'))
  await cp(extensionDir, copy, { recursive: true })
  const path = join(copy, 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest
  for (const name of given) {
    if (name.includes('://')) manifest.host_permissions.push(name)
    else manifest.permissions.push(name)
  }
  await writeFile(path, JSON.stringify(manifest))
  return copy
}
