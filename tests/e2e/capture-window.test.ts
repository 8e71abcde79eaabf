import type { CaptureMessage } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { beforeEach, describe, expect, it } from 'vitest'
import { consentWindow, pressToClose } from '../support/driving/consent-screen.ts'
import { tellFrom } from '../support/driving/dashboard-script.ts'
import { askFrom, createExtensionMessages } from '../support/driving/extension-messages.ts'
import { fill, press, says } from '../support/driving/screens.ts'
import { createTestKey } from '../support/test-keys.ts'
import { findings } from './axe.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const DASHBOARD = 'https://platform.openai.com'

describe('the window that saves a key picked up on a dashboard', () => {
  const world = useWorld('site', { appHosts: ['platform.openai.com'] })

  // A case that is tried again finds no window of its first try, and the vault open.
  beforeEach(async () => {
    for (const page of await world.driver.browser.pages()) {
      if (page.url().includes('/consent.html')) await page.close()
    }
    const { vault } = await ask().ask('status.get', {})
    if (vault === 'locked') await world.driver.unlock(PASSPHRASE)
  })

  const propose = (key: string, via: 'page' | 'copy', name: string | null = null) =>
    ({ type: 'capture.propose', key, via, name }) satisfies CaptureMessage

  /** The window that opens when the script of a dashboard proposes a key, with the focus. */
  async function windowFor(message: CaptureMessage): Promise<Page> {
    const page = await world.emptyPage(DASHBOARD)
    expect(await tellFrom(world.driver, page, message)).toEqual({
      ...{ ok: true, result: { outcome: 'asked' } },
    })
    const shown = await consentWindow(world.driver.browser, world.driver.extensionId)
    await shown.bringToFront()
    const session = await shown.createCDPSession()
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
    return shown
  }
  const ask = () => createExtensionMessages(world.driver.browser, world.driver.extensionId)
  const keysHere = async () => (await ask().ask('key.list', {})).keys
  /** What a case saved before it was tried again. */
  async function removeKey(label: string): Promise<void> {
    for (const { id, ...key } of await keysHere()) {
      if (key.label === label) await ask().ask('key.remove', { keyId: id })
    }
  }
  const isDisabled = (page: Page, name: string) =>
    page.$eval(`::-p-aria([name="${name}"][role="button"])`, (button) =>
      button.matches(':disabled'),
    )

  it('tests it, saves it under the page’s name, and lets a ticked site use it', async () => {
    await removeKey('my laptop')
    const shown = await windowFor(propose(world.pageKeys.openai, 'page', 'my laptop'))
    await says(shown, 'It works: OpenAI accepts this key.')
    await says(shown, 'platform.openai.com')
    await says(shown, 'You have one OpenAI key already.')
    expect(await findings(shown)).toEqual([])

    await shown.click('summary')
    await press(shown, 'checkbox', 'app.example.test')
    await press(shown, 'button', 'Save key')
    await says(shown, 'Saved in your vault: OpenAI · my laptop.')
    await says(shown, 'app.example.test can use it now.')
    expect(await findings(shown)).toEqual([])
    await pressToClose(shown, 'Done')

    const saved = (await keysHere()).find(({ label }) => label === 'my laptop')
    expect(saved).toMatchObject({ provider: 'openai', sites: [APP] })
    expect(saved?.lastTest?.outcome).toBe('works')
    // The test before it was saved is the only one there was.
    expect(world.fakes.requests.filter(({ key }) => key === world.pageKeys.openai)).toHaveLength(1)

    const again = await windowFor(propose(world.pageKeys.openai, 'page'))
    await says(again, 'You have this key already: OpenAI · my laptop.')
    expect(await again.$('::-p-aria([name="Save key"][role="button"])')).toBeNull()
    await pressToClose(again, 'Close')
    await removeKey('my laptop')
  })

  it('C59: does not save what the page copied and the provider does not know', async () => {
    const before = (await keysHere()).length
    const shown = await windowFor(propose(createTestKey('openai', 'unknown'), 'copy'))
    await says(shown, 'OpenAI does not accept this key.')
    await says(shown, 'Copied on platform.openai.com')

    expect(await isDisabled(shown, 'Save key')).toBe(true)
    const id = new URL(shown.url()).searchParams.get('capture') ?? ''
    const given = { id, label: 'x', expiresAt: null, grantIds: [] }
    await expect(askFrom(shown, 'capture.save', given)).rejects.toThrow('request.unprocessable')
    await pressToClose(shown, 'Don’t save')
    expect(await keysHere()).toHaveLength(before)
  })

  it('unlocks the vault there and then, and goes on', async () => {
    await removeKey('my laptop')
    await removeKey('after the lock')
    await world.driver.lock()
    const shown = await windowFor(propose(world.pageKeys.openai, 'page', 'after the lock'))
    await says(shown, 'Unlock ValetKey to save it')
    await says(shown, 'Forgotten in')
    expect(await findings(shown)).toEqual([])

    await fill(shown, 'Passphrase', PASSPHRASE)
    await press(shown, 'button', 'Unlock')
    await says(shown, 'It works: OpenAI accepts this key.')
    await press(shown, 'button', 'Save key')
    await says(shown, 'Saved in your vault')
    await shown.close()
    await removeKey('after the lock')
  })

  it('forgets the key when it is closed', async () => {
    const shown = await windowFor(propose(createTestKey('openai', 'closed'), 'page'))
    const address = shown.url()
    await says(shown, 'OpenAI does not accept this key.')
    await shown.close()

    const later = await world.driver.newPage(address)
    await says(later, 'This key is forgotten.')
    await later.close()
  })

  it('C56: answers no script of another page, and none that asks what our windows ask', async () => {
    const app = await world.emptyPage(APP)
    const proposal = propose(createTestKey('openai', 'elsewhere'), 'page')
    expect(await tellFrom(world.driver, app, proposal)).toBeNull()

    const dashboard = await world.emptyPage(DASHBOARD)
    const reply = await tellFrom(world.driver, dashboard, { method: 'key.list', params: {} })
    expect(reply).toMatchObject({ ok: false, error: { code: 'protocol.invalid_message' } })
  })
})

describe('a key from elsewhere', () => {
  const world = useWorld('keys', { appHosts: ['console.x.ai'], given: ['https://console.x.ai/*'] })

  /** Chooses the item of the browser’s menu over marked text: no script opens that menu. */
  async function choosesMenu(selectionText: string, pageUrl: string): Promise<void> {
    const { browser, extensionId } = world.driver
    const target = await browser.waitForTarget(
      (each) => each.url() === `chrome-extension://${extensionId}/background.js`,
    )
    const worker = await target.worker()
    await worker?.evaluate(
      async (info) => {
        // Fails where there is no such item.
        await chrome.contextMenus.update('save-selection', { enabled: true })
        const clicked = chrome.contextMenus.onClicked as unknown as {
          dispatch(info: object, tab: object): void
        }
        clicked.dispatch(info, { id: 1 })
      },
      { menuItemId: 'save-selection', selectionText, pageUrl },
    )
  }
  const shownWindow = () => consentWindow(world.driver.browser, world.driver.extensionId)

  it('is asked about when it is marked on any page', async () => {
    await choosesMenu(`KEY=${createTestKey('groq', 'marked')}`, `${APP}/notes`)
    const shown = await shownWindow()
    await says(shown, 'From your selection on app.example.test')
    await says(shown, 'Groq does not accept this key.')
    expect(await findings(shown)).toEqual([])
    await shown.close()
  })

  it('is none that changes the account: the window says why (C39)', async () => {
    await choosesMenu(['sk', 'ant', 'admin01', `${'aB3x'.repeat(23)}cAA`].join('-'), `${APP}/notes`)
    const shown = await shownWindow()
    await says(shown, 'This key can change your whole account')
    expect(await findings(shown)).toEqual([])
    await shown.close()
  })

  it('waits for the browser’s permission before it is tested', async () => {
    const page = await world.emptyPage('https://console.x.ai')
    await tellFrom(world.driver, page, {
      ...{ type: 'capture.propose', key: world.pageKeys.xai, via: 'copy', name: null },
    })
    const shown = await shownWindow()
    await says(shown, 'It is not tested yet: Chrome has to let ValetKey reach xAI')
    expect(await findings(shown)).toEqual([])
    expect(world.fakes.requests).toEqual([])
    await shown.close()
  })
})
