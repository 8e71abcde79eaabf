import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { filesBelow, ROOT } from './built-extension.ts'

export const SDK = join(ROOT, 'sdk')

interface SdkManifest {
  readonly version: string
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>
}

export function sdkManifest(): SdkManifest {
  return JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8')) as SdkManifest
}

/** The entries an app can import, `.` and `./NAME`, each with its built file by path from the SDK. */
export function sdkEntries(): readonly { readonly name: string; readonly file: string }[] {
  return Object.entries(sdkManifest().exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [{ name, file: target.default }],
  )
}

/** What an app writes after `from`. */
export function specifierOf(entry: string): string {
  return join('valetkey', entry)
}

/** Every built file with one of these endings, by path from the project's root. */
export function builtSdkFiles(extensions: readonly string[]): readonly string[] {
  if (!existsSync(join(SDK, 'dist')))
    throw new Error('There is no sdk/dist: npm run build makes it.')
  return filesBelow('sdk/dist', extensions)
}

/** A built module and every module of the package it loads with it, by path from the SDK. */
export function loadedWith(file: string, found = new Set<string>()): readonly string[] {
  const path = relative(SDK, join(SDK, file))
  if (found.has(path)) return [...found]
  found.add(path)
  for (const to of staticImportsOf(path)) {
    if (to.startsWith('.')) loadedWith(join(dirname(path), to), found)
  }
  return [...found]
}

/** What a built module names in its `import … from` and `export … from`. */
export function staticImportsOf(file: string): readonly string[] {
  const source = readFileSync(join(SDK, file), 'utf8')
  return [...source.matchAll(/(?:^|[;}\n])(?:import|export)\b[^;"'`]*?["']([^"']+)["']/g)].map(
    ([, to = '']) => to,
  )
}
