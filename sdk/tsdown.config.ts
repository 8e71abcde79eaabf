import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'
import bundledPackages from './agent-packages.json' with { type: 'json' }
import manifest from './package.json' with { type: 'json' }
import serverPackages from './server-packages.json' with { type: 'json' }

/**
 * The one list of entries is `exports` in package.json: `.` is built from `src/index.ts`, `./NAME` from
 * `src/NAME/index.ts` or `.tsx`.
 */
const entries = Object.keys(manifest.exports)
  .filter((path) => !['./package.json', './link', './server'].includes(path))
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

/** The same class of errors in the core and beside it. */
const errorsByName = {
  name: 'errors-by-name',
  resolveId: (id: string) =>
    id.endsWith('/valet-key-error.ts') ? { id: manifest.name, external: true } : null,
}

/** What every file that a page loads is built with. */
const ofPages = {
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
} satisfies UserConfig

const app = defineConfig({
  ...ofPages,
  plugins: [coreByName],
  entry: Object.fromEntries(entries),
})

/** With a way to the wallet of its own: what it shared with the core would be a second file of the core's. */
const link = defineConfig({
  ...ofPages,
  plugins: [errorsByName],
  entry: { 'link/index': 'src/link/index.ts' },
  clean: false,
})

/** What seals calls is ten times the rest: a file beside it, for whoever seals. */
const sealingApart = {
  name: 'sealing-apart',
  resolveId: (id: string) =>
    id === './seal-call.ts' ? { id: './seal-call.js', external: true } : null,
}

/** For servers: it carries the whole error table, of which a page's core has a part. */
const server = defineConfig({
  ...ofPages,
  plugins: [errorsByName, sealingApart],
  entry: { 'server/index': 'src/server/index.ts' },
  clean: false,
})

const sealing = defineConfig({
  ...ofPages,
  plugins: [errorsByName],
  entry: { 'server/seal-call': 'src/server/seal-call.ts' },
  dts: false,
  deps: {
    alwaysBundle: [/^@valetkey\/wallet\//, ...serverPackages],
    onlyBundle: [...serverPackages],
  },
  hooks: writeLicences('dist/server', serverPackages),
  clean: false,
})

/**
 * `npx valetkey agent`: the wallet for people whose browser is not always open, in one file that is run and
 * never imported. What it uses of others is inside it, so that apps do not install it with the SDK.
 */
const agent = defineConfig({
  entry: { main: '../agent/src/main.ts' },
  outDir: 'agent',
  platform: 'node',
  target: 'node24',
  dts: false,
  fixedExtension: false,
  hash: false,
  deps: { alwaysBundle: [/^(?!node:)/], onlyBundle: [...bundledPackages] },
  hooks: writeLicences('agent', bundledPackages),
  failOnWarn: true,
})

/** What the licences ask of whoever passes the code on. */
function writeLicences(
  folder: string,
  packages: readonly string[],
): NonNullable<UserConfig['hooks']> {
  return {
    'build:done': async () => {
      await writeFile(join(import.meta.dirname, folder, 'LICENSES'), await licencesOf(packages))
    },
  }
}

async function licencesOf(packages: readonly string[]): Promise<string> {
  const texts = packages.map(async (name) => {
    const folder = join(import.meta.dirname, '..', 'node_modules', name)
    const file = ['LICENSE', 'LICENSE.md'].find((each) => existsSync(join(folder, each)))
    if (file === undefined) throw new Error(`${name} has no licence beside it.`)
    return `${name}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`
  })
  return (await Promise.all(texts)).join('\n\n')
}

export default [app, link, server, sealing, agent]
