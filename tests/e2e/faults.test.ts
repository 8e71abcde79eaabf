import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { fill, press, says } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { PASSPHRASE, useWorld } from './world.ts'

type Tables = Record<string, readonly (readonly [unknown, unknown])[]>

describe('a vault that is not whole', () => {
  const world = useWorld('keys')
  let page: Page
  let folder: string
  let whole: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-faults-'))
    const session = await world.driver.browser.target().createCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder })
    page = await world.window('dashboard.html#transfer')
    await fill(page, 'Passphrase, to make the backup', PASSPHRASE)
    await press(page, 'button', 'Save a backup')
    await says(page, 'saved to your downloads')
    whole = await stored()
  })

  beforeEach(async () => {
    await askFrom(page, 'vault.lock', {})
    // A window that looks while the database is away would make the worker open an empty one.
    await page.goto(new URL('manifest.json', page.url()).href)
    await page.evaluate(restoreTables, whole)
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  const shows = (words: string) =>
    expect
      .poll(() => page.evaluate(() => document.body.innerText), { timeout: 20_000 })
      .toContain(words)
  const stored = async () => (await askFrom(page, 'recovery.copy', {})).text
  const labels = async () => (await askFrom(page, 'key.list', {})).keys.map(({ label }) => label)
  const backupPath = () => join(folder, `valetkey-${new Date().toISOString().slice(0, 10)}.backup`)

  /** Damages what is stored, opens the dashboard on it, and gives back what is stored then. */
  async function damaged(change: (tables: Tables) => Tables): Promise<string> {
    const { tables, ...rest } = JSON.parse(whole) as { tables: Tables }
    await page.evaluate(restoreTables, JSON.stringify({ ...rest, tables: change(tables) }))
    await page.goto(new URL('dashboard.html#transfer', page.url()).href)
    return stored()
  }

  it('with a tampered entry says so, keeps the others, and is made whole by a backup (C85)', async () => {
    const text = await damaged(({ rows = [], ...others }) => ({
      ...others,
      rows: rows.map(([id, row]) => [id, isKey(row) ? tampered(row) : row] as const),
    }))
    await world.driver.unlock(PASSPHRASE)
    await shows('entries of your vault cannot be read.')
    expect(await findings(page)).toEqual([])
    expect(await labels()).toEqual([])
    expect(await stored()).toBe(text)

    const [chooser] = await Promise.all([
      page.waitForFileChooser(),
      press(page, 'button', 'Choose a file…'),
    ])
    await chooser.accept([backupPath()])
    await fill(page, 'Passphrase', PASSPHRASE)
    await press(page, 'button', 'Open it')
    await shows('here are damaged and come back whole')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Bring it in')
    await shows('The backup is in your vault.')
    expect(await labels()).toHaveLength(4)
    expect(await askFrom(page, 'recovery.get', {})).toEqual({ state: 'open', damagedCount: 0 })
  })

  it.each([
    [
      'of a newer version asks for an update (C85)',
      'This vault was written by a newer ValetKey.',
      ({ header = [], ...others }: Tables): Tables => ({
        ...others,
        header: header.map(([key, value]) => [key, { ...(value as object), schema: 2 }] as const),
      }),
    ],
    [
      'without its start shows what is left (C85)',
      'The start of the vault on this computer cannot be read.',
      (tables: Tables): Tables => ({ ...tables, header: [] }),
    ],
    [
      'whose table is missing shows that nothing is left (C85)',
      'Its entries cannot be read either.',
      ({ header = [] }: Tables): Tables => ({ header }),
    ],
    [
      'whose table is cut short shows that the passphrase opens nothing (C85)',
      'The part of the vault that your passphrase opens is missing.',
      ({ rows = [], ...others }: Tables): Tables => ({
        ...others,
        rows: rows.filter(([, row]) => !('method' in (row as object))),
      }),
    ],
  ])('%s, and writes nothing', async (_fault, sentence, change) => {
    const text = await damaged(change)
    await shows(sentence)
    expect(await findings(page)).toEqual([])

    await press(page, 'button', 'Save a copy of what is there')
    await shows('The copy is in your downloads.')

    const refused = await askFrom(page, 'vault.create', { passphrase: PASSPHRASE }).then(
      () => 'made',
      () => 'refused',
    )
    expect(refused).toBe('refused')
    expect(await stored()).toBe(text)
  })

  it('can be given up: everything goes, and a new one can be made', async () => {
    await damaged((tables) => ({ ...tables, header: [] }))
    await press(page, 'button', 'Erase everything…')
    await fill(page, 'Type “erase” to remove everything', 'erase')
    await press(page, 'button', 'Erase everything')
    await shows('Create your vault')
  })
})

interface StoredKey {
  readonly envelope: { readonly base64url: string }
}

/** A sealed key is the longest row there is but for wraps. */
function isKey(row: unknown): row is StoredKey {
  return !('method' in (row as object)) && (row as StoredKey).envelope.base64url.length > 800
}

/** One character of the ciphertext is another one. */
function tampered(row: StoredKey): StoredKey {
  const text = row.envelope.base64url
  const other = text.charAt(200) === 'A' ? 'B' : 'A'
  return { ...row, envelope: { base64url: `${text.slice(0, 200)}${other}${text.slice(201)}` } }
}

/** Runs in a window of the extension: makes the vault's database what a copy of it says. */
async function restoreTables(text: string): Promise<void> {
  const name = 'valetkey-vault'
  const { tables } = JSON.parse(text, (_name, value: unknown) => {
    const bytes = (value as { base64url?: string } | null)?.base64url
    if (bytes === undefined) return value
    const binary = atob(bytes.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  }) as { tables: Record<string, [IDBValidKey, unknown][]> }
  await settled(indexedDB.deleteDatabase(name))
  const opening = indexedDB.open(name, 10)
  opening.onupgradeneeded = () => {
    for (const table of Object.keys(tables)) {
      const keyPath = table === 'rows' ? { keyPath: 'recordId' } : {}
      opening.result.createObjectStore(table, keyPath)
    }
  }
  const database = await settled(opening)
  for (const [table, entries] of Object.entries(tables)) {
    const store = database.transaction(table, 'readwrite').objectStore(table)
    for (const [key, value] of entries) {
      await settled(table === 'rows' ? store.put(value) : store.put(value, key))
    }
  }
  database.close()

  function settled<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result)
      }
      request.onerror = () => {
        reject(request.error ?? new Error('no reason given'))
      }
    })
  }
}
