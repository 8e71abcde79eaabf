import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERROR_TABLE, PROVIDER_IDS, UI_METHODS, VALET_KEY_SHAPES } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import { ROOT, filesBelow } from './built-extension.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const PROVIDERS = 'wallet/providers'
/** What the folder of a provider has that shares no table, beside tests and files of its own. */
const PROVIDER_FILES = ['index', 'endpoints', 'facts', 'usage', 'errors', 'keys']

/** Of all providers: shared readers, the dialect's declarations, the translators, test data. */
const SHARED = ['formats', '__fixtures__', 'dialect', 'translate']
const WITH_FOLDER = readdirSync(join(ROOT, PROVIDERS), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !SHARED.includes(entry.name))
  .map(({ name }) => name)
/** Those whose every file is their own. */
const WHOLE = ['openai', 'anthropic', 'google', 'groq']

describe('the catalogue', () => {
  it('has a folder or a declaration for each provider id, and none without', () => {
    const declared = filesBelow(`${PROVIDERS}/dialect`, ['.ts'])
      .filter((path) => !path.endsWith('.test.ts'))
      .map((path) => path.slice(`${PROVIDERS}/dialect/`.length, -'.ts'.length))

    expect([...WITH_FOLDER, ...declared].sort()).toEqual([...PROVIDER_IDS].sort())
  })

  it.each(WITH_FOLDER)('%s is found in the file of its name', (id) => {
    const folder = `${PROVIDERS}/${id}`

    expect(filesBelow(folder, ['.ts'])).toEqual(
      expect.arrayContaining([`${folder}/index.ts`, `${folder}/${id}.ts`]),
    )
  })

  it.each(WHOLE)('%s has the files of every provider', (id) => {
    const folder = `${PROVIDERS}/${id}`
    const files = filesBelow(folder, ['.ts'])

    expect(files).toEqual(
      expect.arrayContaining([...PROVIDER_FILES, id].map((name) => `${folder}/${name}.ts`)),
    )
  })

  it.each(WHOLE)('%s has a reply, a stream, an error and client requests recorded', (id) => {
    const folder = `${PROVIDERS}/${id}/__fixtures__/`
    const fixtures = filesBelow(folder, ['.json', '.sse'])
    const names = fixtures.map((path) => path.slice(folder.length))

    expect(names).toContain('client-requests.json')
    expect(names.some((name) => name.endsWith('.sse'))).toBe(true)
    expect(names.some((name) => /^error-\d{3}.*\.json$/.test(name))).toBe(true)
    expect(names.some((name) => /^(?!client-|error-).*\.json$/.test(name))).toBe(true)
    expect(fixtures.filter((path) => read(path).trim() === '')).toEqual([])
  })

  it.each(PROVIDER_IDS)('%s has valet key shapes the shim knows', (id) => {
    const shapes: readonly string[] = VALET_KEY_SHAPES.map((shape) => shape.id)
    const provider = providerById(id)

    expect(provider.valetKeyShapes.length).toBeGreaterThan(0)
    for (const shape of provider.valetKeyShapes) expect(shapes).toContain(shape)
  })
})

describe('messages', () => {
  it.each(Object.keys(UI_METHODS))('%s has a handler of its name', (method) => {
    expect(filesBelow('extension/background/handlers', ['.ts'])).toContain(
      `extension/background/handlers/${method}.ts`,
    )
  })

  it('no handler is left without a message', () => {
    const names = filesBelow('extension/background/handlers', ['.ts'])
      .filter((path) => !path.endsWith('.test.ts'))
      .map((path) => path.replace('extension/background/handlers/', '').replace(/\.ts$/, ''))

    expect(names.sort()).toEqual(Object.keys(UI_METHODS).sort())
  })
})

describe('the error table', () => {
  it('is documented, code by code', () => {
    const page = read('docs/errors.md')

    for (const [code, row] of Object.entries(ERROR_TABLE)) {
      expect(page).toMatch(new RegExp(`\\| \`${code}\` +\\| ${String(row.status)} +\\|`))
    }
  })
})

/** Codes of parts that are not built. A code leaves this list with the first line that reports it. */
const UNUSED_CODES: readonly string[] = []

describe('the codes of the error table', () => {
  const sources = ['wallet', 'extension', 'sdk/src', 'agent/src', 'server/src']
    .flatMap((folder) => filesBelow(folder, ['.ts', '.tsx']))
    .filter(
      (path) =>
        !/\.test\.tsx?$|\/__fixtures__\/|^wallet\/protocol\/(?:app-errors|error-table)\.ts$|^(?:wallet|server\/src)\/testing\//.test(
          path,
        ),
    )
    // The screens read codes, they report none of their own.
    .filter((path) => !path.startsWith('extension/ui/'))
    // Asking an error for its code, or comparing one, is no report of it.
    .map((path) => read(path).replace(/isWalletError\([^)]*\)|[!=]==? '[^']*'/g, ''))
    .join('\n')

  it('are all reported somewhere, but for those of parts that are not built', () => {
    const unused = Object.keys(ERROR_TABLE).filter((code) => !sources.includes(`'${code}'`))

    expect(unused.sort()).toEqual([...UNUSED_CODES].sort())
  })
})

describe('the tree', () => {
  const sources = [
    'wallet',
    'extension',
    'sdk/src',
    'agent',
    'server',
    'tests',
    'scripts',
    'docs',
  ].flatMap((folder) =>
    filesBelow(folder, ['.ts', '.tsx', '.mjs', '.md', '.json', '.html', '.css']),
  )

  it('names webextension-polyfill in one file only', () => {
    const naming = sources.filter(
      (path) =>
        path.startsWith('extension/') &&
        /\.tsx?$/.test(path) &&
        read(path).includes("from 'webextension-polyfill'"),
    )

    expect(naming).toEqual(['extension/adapters/browser.ts'])
  })

  it('holds no key a secret scanner would take for real', () => {
    const real =
      /sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]*T3BlbkFJ|sk-ant-api\d{2}-[\w-]{93}AA|gsk_[A-Za-z0-9]{52}|AIza[\w-]{35}|AQ\.Ab8RN6[\w-]{44}/

    expect(sources.filter((path) => real.test(read(path)))).toEqual([])
  })

  it('names no machine path and no registry host', () => {
    const place = new RegExp(
      ['[^a-z./-]/(?:work|root|home/[a-z]+)/', 'registry\\.npmjs', 'deb\\.debian'].join('|'),
    )

    expect(sources.filter((path) => place.test(read(path)))).toEqual([])
    expect(read('package-lock.json')).not.toContain('"resolved": "http')
  })
})
