import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ROOT, filesBelow } from './built-extension.ts'
import {
  SDK,
  builtSdkFiles,
  loadedWith,
  sdkEntries,
  sdkManifest,
  specifierOf,
  staticImportsOf,
} from './built-sdk.ts'

/** Words that stand in a bundle only if the named thing was built into it. */
const FOREIGN = {
  zod: ['ZodError', '$ZodType', 'ZodMini', 'invalid_type', 'zod/'],
  dexie: ['Dexie', 'indexedDB'],
  argon2: ['argon2', 'WebAssembly'],
  'the envelope': ['VLTK', 'XChaCha', 'valetkey/1/'],
  'the extension’s own interface': ['chrome.', 'webextension-polyfill'],
}

/** What an entry may import of the app: nothing, but where it is made for a package. */
const PEERS_OF: Readonly<Record<string, readonly string[]>> = {
  './react': ['react', 'react/jsx-runtime'],
  './ai-sdk': ['ai', '@ai-sdk/provider'],
}

const CORE_LIMIT_BYTES = 5000

const entries = sdkEntries()

/** Loaded by the servers of apps that seal their calls, and by nobody else. */
const SEALING = 'sdk/dist/server/seal-call.js'
const OF_SEALING: readonly string[] = ['zod', 'argon2', 'the envelope']

describe.each(builtSdkFiles(['.js', '.ts']))('%s', (path) => {
  const source = readFileSync(join(ROOT, path), 'utf8')
  const foreign = Object.entries(FOREIGN).filter(
    ([name]) => path !== SEALING || !OF_SEALING.includes(name),
  )

  it.each(foreign)('holds nothing of %s', (_name, words) => {
    for (const word of words) expect(source).not.toContain(word)
  })

  it('loads no code but by its imports', () => {
    // A part of the package itself may come later, by a name that stands there.
    const own = /import\((?:["'`])\.\/[a-z-]+\.js(?:["'`])\)/g
    if (path.endsWith('.js')) {
      expect(source.replace(own, '')).not.toMatch(/\beval\(|new Function\(|import\(/)
    }
  })
})

describe('the maps of the source', () => {
  it.each(builtSdkFiles(['.map']))('%s names no place of the machine it was built on', (path) => {
    const { sources } = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as { sources: string[] }

    expect(sources).not.toEqual([])
    const own =
      path === `${SEALING}.map`
        ? /^(?:\.\.\/)+(?:src|wallet\/(?:protocol|crypto)|node_modules)\//
        : /^(?:\.\.\/)+(?:src|wallet\/protocol)\//
    for (const source of sources) expect(source).toMatch(own)
  })
})

describe('the entries', () => {
  it('are one for each folder with an index, and the core', () => {
    const sources = filesBelow('sdk/src', ['.ts', '.tsx'])
      .map((path) => /^sdk\/src\/((?:[a-z-]+\/)?)index\.tsx?$/.exec(path)?.[1])
      .filter((folder) => folder !== undefined)
      .map((folder) => (folder === '' ? '.' : `./${folder.slice(0, -1)}`))

    expect(entries.map(({ name }) => name).sort()).toEqual(sources.sort())
  })

  it('have their types tried, each in a file of its own', () => {
    const tried = filesBelow('sdk/type-tests', ['.ts', '.tsx']).map((path) =>
      readFileSync(join(ROOT, path), 'utf8'),
    )

    for (const { name } of entries) {
      expect(
        tried.filter((text) => text.includes(`from '${specifierOf(name)}'`)),
        name,
      ).not.toEqual([])
    }
  })

  it.each(entries)('$name imports of others only what it is made for', ({ name, file }) => {
    const others = loadedWith(file)
      .flatMap(staticImportsOf)
      .filter((to) => !to.startsWith('.'))
    // The core by its public name: one of it in a page, whoever uses it.
    const allowed = [...(PEERS_OF[name] ?? []), ...(name === '.' ? [] : ['valetkey'])]

    expect(others.filter((to) => !allowed.includes(to))).toEqual([])
  })

  it.each(entries)(
    '$name does nothing by being loaded, as `sideEffects` promises',
    async ({ name, file }) => {
      expect(await effectsOf(join(SDK, file), PEERS_OF[name] ?? [])).toBe('nothing new')
    },
  )
})

describe('the package', () => {
  const manifest = sdkManifest()

  it('depends on nothing, and leaves to the app what it works with', () => {
    expect(manifest.dependencies).toBeUndefined()
    for (const peer of Object.keys(manifest.peerDependencies)) {
      expect(manifest.peerDependenciesMeta[peer], peer).toEqual({ optional: true })
    }
  })

  it('has a core of at most 5 kB gzip', () => {
    const core = entries.find(({ name }) => name === '.')
    const sizes = loadedWith(core?.file ?? '').map(
      (path) => gzipSync(readFileSync(join(SDK, path))).length,
    )

    expect(sizes).not.toEqual([])
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(CORE_LIMIT_BYTES)
  })
})

/**
 * Loads a file where every part of a page that could be told of it throws, and looks at what is new. What
 * the packages it is made for do is theirs: they are loaded before.
 */
const LOADING = `
  const [file, ...peers] = process.argv.slice(1)
  for (const peer of peers) await import(peer)
  const names = () => Reflect.ownKeys(globalThis).map(String).sort().join()
  const refuse = (name) => () => { throw new Error(name + ' is used by being loaded') }
  const trap = (name) => new Proxy(refuse(name), { get: refuse(name), set: refuse(name), has: refuse(name) })
  for (const name of ['window', 'document', 'customElements', 'navigator', 'localStorage', 'fetch',
    'addEventListener', 'dispatchEvent', 'postMessage', 'setTimeout', 'queueMicrotask', 'BroadcastChannel'])
    Object.defineProperty(globalThis, name, { value: trap(name), configurable: true })
  globalThis.HTMLElement = class {}
  const before = names()
  await import(file)
  process.stdout.write(names() === before ? 'nothing new' : names().replace(before, ''))`

/** @returns `nothing new`, or the words of what went wrong */
async function effectsOf(file: string, peers: readonly string[]): Promise<string> {
  const args = ['--input-type=module', '--eval', LOADING, pathToFileURL(file).href, ...peers]
  return await promisify(execFile)(process.execPath, args, { cwd: SDK }).then(
    ({ stdout }) => stdout,
    (error: unknown) => String(error),
  )
}
