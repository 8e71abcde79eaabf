import type { KeyId, ProviderId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { fill, press, textAt, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, PASSPHRASE, useWorld, type World } from './world.ts'

const SHOWN = '[data-testid="shown-key"]'

async function idOf(page: Page, provider: ProviderId): Promise<KeyId> {
  const { keys } = await askFrom(page, 'key.list', {})
  const key = keys.find((each) => each.provider === provider)
  if (!key) throw new Error(`no key of ${provider}`)
  return key.id
}

async function openKey(world: World, provider: ProviderId): Promise<Page> {
  const page = await world.window('dashboard.html#keys')
  const id = await idOf(page, provider)
  await page.evaluate((item) => (location.hash = `#keys/${item}`), id)
  await waitFor(page, 'button', () => page.$('::-p-aria([name="Show"][role="button"])'))
  return page
}

async function show(page: Page): Promise<void> {
  await press(page, 'button', 'Show')
  const box = await Promise.any([
    waitFor(page, 'box', () => page.$('::-p-aria([name="Passphrase"][role="textbox"])')),
    waitFor(page, 'key', () => page.$(SHOWN)),
  ])
  if (await box.evaluate((element) => element.tagName !== 'INPUT')) return
  await fill(page, 'Passphrase', PASSPHRASE)
  await press(page, 'button', 'Show key')
  await waitFor(page, 'key', () => page.$(SHOWN))
}

const isGone = (page: Page) =>
  waitFor(page, 'screen without a key', async () => ((await page.$(SHOWN)) ? null : true))

/** What lies on the clipboard, read as the person would by pasting. */
async function clipboard(world: World, page: Page): Promise<string> {
  const context = world.driver.browser.defaultBrowserContext()
  const origin = `chrome-extension://${world.driver.extensionId}`
  const permission = { name: 'clipboard-read' }
  await context.setPermission(origin, { permission, state: 'granted' })
  await page.bringToFront()
  return page.evaluate(() => navigator.clipboard.readText())
}

describe('showing a key', () => {
  const world = useWorld('site', { given: ['clipboardWrite'] })

  it('is off at first, and switched on asks for the passphrase each time', async () => {
    const page = await openKey(world, 'openai')
    await press(page, 'button', 'Show')
    await waitFor(page, 'question', () => page.$('::-p-aria([name="Keep it off"][role="button"])'))
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Switch on')
    await fill(page, 'Passphrase', `${PASSPHRASE}!`)
    await press(page, 'button', 'Show key')
    await waitFor(page, 'refusal', () => page.$('[role="alert"]'))
    expect(await page.$(SHOWN)).toBeNull()
    expect(await findings(page)).toEqual([])

    await fill(page, 'Passphrase', PASSPHRASE)
    await press(page, 'button', 'Show key')

    expect(await textAt(page, SHOWN)).toBe(world.keys.openai)
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Hide')
    await isGone(page)
    await page.close()
  })

  it('ends by itself after half a minute, and so does what was copied', async () => {
    const page = await openKey(world, 'groq')
    await show(page)
    const shownAt = Date.now()
    await press(page, 'button', 'Copy')
    await waitFor(page, 'word about the clipboard', async () =>
      (await page.evaluate(() => document.body.innerText)).includes('emptied in 30 seconds.')
        ? true
        : null,
    )
    expect(await clipboard(world, page)).toBe(world.keys.groq)

    await isGone(page)
    expect(Date.now() - shownAt).toBeGreaterThan(25_000)
    await expect.poll(() => clipboard(world, page), { timeout: 45_000, interval: 500 }).toBe('')
    await page.close()
  })

  it('ends at once when the person looks elsewhere', async () => {
    const page = await openKey(world, 'groq')
    await show(page)
    const other = await world.driver.browser.newPage()
    await other.bringToFront()
    await isGone(page)
    await other.close()
    await page.close()
  })

  it('leaves the clipboard alone when a valet key was copied since', async () => {
    const page = await openKey(world, 'groq')
    const due = async () =>
      (await page.evaluate(() => chrome.storage.session.get('clipboard.due')))['clipboard.due']
    await show(page)
    await press(page, 'button', 'Copy')
    await expect.poll(due, { timeout: 10_000 }).toBeTypeOf('number')
    const popup = await world.window(`popup.html?site=${encodeURIComponent(APP)}`)
    await popup.bringToFront()
    await press(popup, 'button', 'Copy')

    await expect.poll(due, { timeout: 10_000 }).toBeNull()
    const valetKeys = await askFrom(popup, 'site.get', { origin: APP })
    expect(valetKeys.grant?.valetKeys.map(({ key }) => key)).toContain(
      await clipboard(world, popup),
    )
    await popup.close()
    await page.close()
  })

  it('is no answer to a page, nor to a content script of ours', async () => {
    const page = await world.window('dashboard.html#keys')
    const keyId = await idOf(page, 'openai')
    await askFrom(page, 'vault.reauthenticate', { passphrase: PASSPHRASE })
    const session = await (await world.emptyPage()).createCDPSession()
    await session.send('Runtime.enable')
    const contexts: { id: number; name: string }[] = []
    session.on('Runtime.executionContextCreated', ({ context }) => {
      contexts.push({ id: context.id, name: context.name })
    })
    await session.send('Runtime.disable')
    await session.send('Runtime.enable')
    const ours = contexts.find(({ name }) => name === 'ValetKey')
    const asked = JSON.stringify({ method: 'key.reveal', params: { keyId } })

    const { result } = await session.send('Runtime.evaluate', {
      expression: `chrome.runtime.sendMessage(${asked}).then((reply) => JSON.stringify(reply ?? null), String)`,
      contextId: ours?.id ?? -1,
      awaitPromise: true,
    })

    expect(result.value).toBe('null')
    expect(await askFrom(page, 'key.reveal', { keyId })).toMatchObject({ outcome: 'shown' })
    await page.close()
  })
})
