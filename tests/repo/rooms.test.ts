import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERROR_TABLE, PROVIDER_IDS, UI_METHODS, VALET_KEY_SHAPES } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import { ROOT, filesBelow } from './built-extension.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

describe('the catalogue', () => {
  it.each(PROVIDER_IDS)(
    '%s has a folder with fixtures, and valet key shapes the shim knows',
    (id) => {
      const shapes: readonly string[] = VALET_KEY_SHAPES.map((shape) => shape.id)
      const provider = providerById(id)

      expect(filesBelow(`wallet/providers/${id}`, ['.ts', '.json', '.txt']).length).toBeGreaterThan(
        3,
      )
      expect(provider.valetKeyShapes.length).toBeGreaterThan(0)
      for (const shape of provider.valetKeyShapes) expect(shapes).toContain(shape)
    },
  )
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

describe('the tree', () => {
  const sources = ['wallet', 'extension', 'tests', 'scripts', 'docs'].flatMap((folder) =>
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
