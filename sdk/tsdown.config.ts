import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'tsdown'
import manifest from './package.json' with { type: 'json' }

/**
 * The one list of entries is `exports` in package.json: `.` is built from `src/index.ts`, `./NAME` from
 * `src/NAME/index.ts` or `.tsx`.
 */
const entries = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => (path === '.' ? '' : `${path.slice('./'.length)}/`))
  .map((folder) => [`${folder}index`, sourceOf(folder)] as const)

function sourceOf(folder: string): string {
  const files = ['ts', 'tsx'].map((ending) => `src/${folder}index.${ending}`)
  const found = files.find((file) => existsSync(join(import.meta.dirname, file)))
  if (found === undefined)
    throw new Error(`package.json exports it, but there is no ${String(files[0])}.`)
  return found
}

/** Entries use the core by its public name: one core in a page, and none of it in their files. */
const coreByName = {
  name: 'core-by-name',
  resolveId: (id: string, importer?: string) =>
    id === '../index.ts' && importer !== undefined ? { id: manifest.name, external: true } : null,
}

export default defineConfig({
  plugins: [coreByName],
  entry: Object.fromEntries(entries),
  platform: 'neutral',
  target: 'es2022',
  // What a page loads is small as it is published; the source maps carry the text to read.
  minify: true,
  sourcemap: true,
  dts: { sourcemap: false, eager: true },
  hash: false,
  // The wallet is private: what is used of it becomes part of the package. Anything else that would be
  // bundled is a runtime dependency in disguise, and fails the build.
  deps: { alwaysBundle: [/^@valetkey\/wallet\//], onlyBundle: [] },
  failOnWarn: true,
})
