import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { fill, press, textAt, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { SHOWN, clipboard, idOf, isGone, openKey, show } from './shown-key.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

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
