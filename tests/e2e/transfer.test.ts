import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { choosePassphrase, keepKit } from '../support/driving/kit.ts'
import { fill, press, says, textAt, waitFor } from '../support/driving/screens.ts'
import { createTestKey } from '../support/test-keys.ts'
import { findings } from './axe.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const NEW_PASSPHRASE = 'nine lanterns under the old bridge'

/** One file for what a person brings in, takes out, loses and gets back. */
describe('keys on their way in and out', () => {
  const world = useWorld('nothing')
  const openaiKey = createTestKey('openai', 'transfer')
  const groqKey = createTestKey('groq', 'transfer')
  let folder: string
  let secretKey: string
  let backupFile: string
  let recoveryKey: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-transfer-'))
    const session = await world.driver.browser.target().createCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder })
    ;({ secretKey } = await world.driver.createVault(PASSPHRASE))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function choose(page: Page, button: string, name: string, content: string) {
    const path = join(folder, name)
    await writeFile(path, content)
    return choosePath(page, button, path)
  }

  async function choosePath(page: Page, button: string, path: string) {
    const [chooser] = await Promise.all([page.waitForFileChooser(), press(page, 'button', button)])
    await chooser.accept([path])
  }

  /** The file that the last button gave, once it is whole. */
  const download = (page: Page, ending: string) =>
    waitFor(page, `download ${ending}`, async () => {
      const name = (await readdir(folder)).find(
        (each) => each.startsWith('valetkey-') && each.endsWith(ending),
      )
      return name === undefined ? null : join(folder, name)
    })

  const labels = async (page: Page) =>
    (await askFrom(page, 'key.list', {})).keys.map(({ provider, label }) => `${provider} ${label}`)

  it('a .env file is shown before anything of it is saved, and comes in whole', async () => {
    const page = await world.window('dashboard.html#transfer')
    await waitFor(page, 'button', () => page.$('::-p-aria([name="Choose a file…"])'))
    expect(await findings(page)).toEqual([])

    const env = `OPENAI_API_KEY=${openaiKey}\nSOME=thing\nGROQ_API_KEY=${groqKey}\nbroken\n`
    await choose(page, 'Choose a file…', 'keys.env', env)
    await says(page, '2 keys in a .env file')
    await says(page, '1 place could not be read')
    expect(await labels(page)).toEqual([])
    expect(await page.content()).not.toContain(openaiKey)
    expect(await findings(page)).toEqual([])

    await press(page, 'button', 'Bring in 2 keys')
    await says(page, '2 keys saved.')
    expect(await labels(page)).toEqual(['openai OPENAI_API_KEY', 'groq GROQ_API_KEY'])

    // The providers here know other keys.
    await press(page, 'button', 'Test the 2 keys')
    await says(page, '2 of 2 tested: 2 not accepted.')
    expect(await findings(page)).toEqual([])
    const { keys } = await askFrom(page, 'key.list', {})
    expect(keys.map(({ lastTest }) => lastTest?.outcome)).toEqual(['refused', 'refused'])

    await press(page, 'button', 'Bring in more')
    await fill(page, 'Or paste its text', env)
    await press(page, 'button', 'Look at it')
    await says(page, 'Your vault has all of them already.')
    await press(page, 'button', 'Back')
    await page.close()
  })

  it('a bomb is refused in a sentence, and the window goes on (C90)', async () => {
    const page = await world.window('dashboard.html#transfer')
    const alert = () => page.$$eval('[role="alert"]', ([shown]) => shown?.textContent ?? '')
    const soon = { timeout: 15_000 }
    await choose(page, 'Choose a file…', 'bomb.json', '['.repeat(20 * 1024 * 1024))
    await expect.poll(alert, soon).toContain('This is far larger than any list of keys.')
    await choose(page, 'Choose a file…', 'zip.1pux', 'PK\u0003\u0004\0\0')
    await expect.poll(alert, soon).toContain('This file is no text.')
    await choose(page, 'Choose a file…', 'deep.json', '['.repeat(100_000))
    await expect.poll(alert, soon).toContain('This is far larger than any list of keys.')
    expect(await findings(page)).toEqual([])
    await page.close()
  })

  it('keys leave only with the passphrase, and in clear only as asked for', async () => {
    const page = await world.window('dashboard.html#transfer')
    await says(page, 'Whoever gets this file can use your keys.')
    await fill(page, 'Passphrase, to take the keys out', 'not the passphrase')
    await press(page, 'button', 'Save the keys as a file')
    await says(page, 'That passphrase does not open this vault.')
    await fill(page, 'Passphrase, to take the keys out', PASSPHRASE)
    await press(page, 'button', 'Save the keys as a file')
    await says(page, '2 keys saved to your downloads.')

    const file = await download(page, '.env')
    const text = await readFile(file, 'utf8')
    expect(text).toContain(`OPENAI_API_KEY=${openaiKey}\n`)
    expect(text).toContain(`GROQ_API_KEY=${groqKey}\n`)
    await page.close()
  })

  it('a backup holds no key in clear, and gives back what the vault has lost', async () => {
    const page = await world.window('dashboard.html#transfer')
    ;({ recoveryKey } = (await askFrom(page, 'kit.renew', { passphrase: PASSPHRASE })).kit)
    await fill(page, 'Passphrase, to make the backup', PASSPHRASE)
    await press(page, 'button', 'Save a backup')
    backupFile = await download(page, '.backup')
    expect(await readFile(backupFile, 'latin1')).not.toContain(openaiKey)

    await choosePath(page, 'Choose a file…', backupFile)
    await says(page, 'Open this backup')
    expect(await findings(page)).toEqual([])
    await fill(page, 'Passphrase', PASSPHRASE)
    await press(page, 'button', 'Open it')
    await says(page, 'Your vault knows everything that is in it.')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Back')
    await page.close()
  })

  it('erasing asks for a typed word, and leaves nothing behind', async () => {
    await world.driver.switchOnSite(APP)
    const page = await world.window('dashboard.html#transfer')
    await press(page, 'button', 'Erase everything…')
    await fill(page, 'Type “erase” to remove everything', 'eras')
    const isDisabled = () =>
      page.$eval('::-p-aria([name="Erase everything"][role="button"])', (button) =>
        button.matches(':disabled'),
      )
    expect(await isDisabled()).toBe(true)
    expect(await findings(page)).toEqual([])

    await fill(page, 'Type “erase” to remove everything', 'erase')
    await press(page, 'button', 'Erase everything')
    await says(page, 'Create your vault')

    expect(await page.evaluate(traces)).toEqual({
      rows: 0,
      local: {},
      session: {},
      scripts: [],
      rules: 1,
      alarms: ['lock'],
      mayUseApp: false,
    })
    await page.close()
  })

  it('a backup is restored where there is no vault, with passphrase and Secret Key', async () => {
    const page = await world.window('welcome.html')
    await press(page, 'button', 'Restore a backup')
    await press(page, 'button', 'Restore my vault')
    await says(page, 'Choose the backup file first.')
    expect(await findings(page)).toEqual([])

    await choosePath(page, 'Choose the backup…', backupFile)
    await fill(page, 'Passphrase', PASSPHRASE)
    await fill(
      page,
      'Secret Key',
      `${secretKey.slice(0, -1)}${secretKey.endsWith('A') ? 'B' : 'A'}`,
    )
    await press(page, 'button', 'Restore my vault')
    await says(page, 'This is not a whole Secret Key.')
    await fill(page, 'Secret Key', secretKey)
    await press(page, 'button', 'Restore my vault')
    await says(page, 'Your vault is ready')

    expect(await labels(page)).toEqual(['openai OPENAI_API_KEY', 'groq GROQ_API_KEY'])
    expect(await textAt(page, 'h1')).toBe('Your vault is ready')
    await page.close()
  })

  it('who forgot the passphrase restores it with the recovery key, and gets a new kit', async () => {
    const page = await world.window('welcome.html')
    await askFrom(page, 'wallet.erase', { typed: 'erase' })
    await press(page, 'button', 'Restore a backup')
    await press(page, 'button', 'I forgot it')
    await choosePath(page, 'Choose the backup…', backupFile)
    const restore = async (typed: string) => {
      await fill(page, 'Recovery key', typed)
      await choosePassphrase(page, NEW_PASSPHRASE, {
        ...{ label: 'New passphrase', submit: 'Restore my vault' },
      })
    }
    await restore(secretKey)
    await says(page, 'This is your Secret Key, the short one.')
    expect(await findings(page)).toEqual([])
    await restore(recoveryKey)

    await says(page, 'Keep your new recovery kit')
    const renewed = await keepKit(page)
    await says(page, 'Your vault is ready')
    expect(renewed.recoveryKey).not.toBe(recoveryKey)
    expect(await labels(page)).toEqual(['openai OPENAI_API_KEY', 'groq GROQ_API_KEY'])
    await page.close()
  })
})

/** Runs in a window of the extension: all that ValetKey leaves in a browser. */
async function traces() {
  const origins = ['https://app.example.test/*']
  let rows = 0
  // The vault's is there again as soon as somebody asks whether there is a vault.
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name)
      opening.onsuccess = () => {
        resolve(opening.result)
      }
      opening.onerror = () => {
        reject(opening.error ?? new Error('no reason given'))
      }
    })
    for (const store of database.objectStoreNames) {
      rows += await new Promise<number>((resolve) => {
        const counting = database.transaction(store).objectStore(store).count()
        counting.onsuccess = () => {
          resolve(counting.result)
        }
      })
    }
    database.close()
  }
  return {
    rows,
    local: await chrome.storage.local.get(null),
    session: await chrome.storage.session.get(null),
    scripts: await chrome.scripting.getRegisteredContentScripts(),
    // The one that strips `Origin`, as before the first run.
    rules: (await chrome.declarativeNetRequest.getSessionRules()).length,
    alarms: (await chrome.alarms.getAll()).map(({ name }) => name),
    mayUseApp: await chrome.permissions.contains({ origins }),
  }
}
