import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { consentWindow } from '../support/driving/consent-screen.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { choose, fill, press, says, textAt, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { useWorker } from './worker-controls.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const MINUTE_MS = 60_000
const PHRASE = 'seven lamps on the quay'

describe('an open vault that is left alone', () => {
  const world = useWorld('keys', { watchWorkers: false })
  const worker = useWorker(world)

  it('locks after the minutes chosen, and when the clock is set back, in a new worker too', async () => {
    const page = await world.window('dashboard.html#security')
    await choose(page, 'Without use, after', '1')
    await waitFor(page, 'period that is set', () => isIdle(page, 1))
    await page.close()

    expect(await stateAfter(MINUTE_MS / 2)).toBe('unlocked')
    expect(await stateAfter(MINUTE_MS + 1)).toBe('locked')
    await world.driver.unlock(PASSPHRASE)
    // The clock of before was ahead.
    expect(await stateAfter(-3 * MINUTE_MS)).toBe('locked')

    await world.driver.unlock(PASSPHRASE)
    await worker.kill()
    expect(await stateAfter(MINUTE_MS / 2)).toBe('unlocked')
    await worker.kill()
    expect(await stateAfter(MINUTE_MS + 1)).toBe('locked')
    await world.driver.unlock(PASSPHRASE)
  })

  it('is given more time with the passphrase alone, and shows the phrase wherever it asks for that', async () => {
    const page = await world.window('dashboard.html#security')
    await choose(page, 'Without use, after', '5')
    await says(page, 'Locking later needs your passphrase.')
    expect(await findings(page)).toEqual([])
    expect((await askFrom(page, 'protection.get', {})).lock.idleMinutes).toBe(1)
    await fill(page, 'Current passphrase', PASSPHRASE)
    await press(page, 'button', 'Confirm')
    await waitFor(page, 'period that is set', () => isIdle(page, 5))

    await press(page, 'button', 'Choose a phrase')
    await fill(page, 'Phrase', PHRASE)
    await fill(page, 'Current passphrase', PASSPHRASE)
    await press(page, 'button', 'Save phrase')
    await waitFor(page, 'phrase', () => page.$('::-p-aria([name="Change the phrase"])'))
    await press(page, 'button', 'Get a new kit')
    expect(await textAt(page, '[data-testid="vault-phrase"]')).toBe(PHRASE)
    await press(page, 'button', 'Lock now')

    for (const path of ['dashboard.html', 'popup.html']) {
      const window = await world.window(path)
      expect(await textAt(window, '[data-testid="vault-phrase"]')).toBe(PHRASE)
      expect(await findings(window)).toEqual([])
      await window.close()
    }
    await page.close()
    await world.driver.unlock(PASSPHRASE)
  })

  it('takes a kit off the screen when it locks (C116)', async () => {
    const page = await world.window('dashboard.html#security')
    await press(page, 'button', 'Get a new kit')
    await fill(page, 'Current passphrase', PASSPHRASE)
    await press(page, 'button', 'Show my new kit')
    await says(page, 'VR1-')

    await world.driver.lock()

    await expect
      .poll(() => page.evaluate(() => document.body.innerText), { timeout: 5_000 })
      .not.toContain('VR1-')
    await page.close()
    await world.driver.unlock(PASSPHRASE)
  })

  it('asks again what a site wants once it is unlocked', async () => {
    const { browser, extensionId } = world.driver
    await preApprovePermission(browser, extensionId, APP)
    const popup = await world.window(`popup.html?site=${encodeURIComponent(APP)}`)
    await press(popup, 'switch', 'Use ValetKey on this site')
    const consent = await consentWindow(browser, extensionId)
    await says(consent, 'Let this site use your AI?')

    await world.driver.lock()
    await says(consent, 'Unlock it to see what a site asks for.')
    expect(await findings(consent)).toEqual([])
    await fill(consent, 'Passphrase', PASSPHRASE)
    await press(consent, 'button', 'Unlock')

    await waitFor(consent, 'question', () => consent.$('::-p-aria([name="Allow"][role="button"])'))
    await world.driver.answerConsent('deny')
    await popup.close()
  })

  /** The state of the vault once so much time passed since its last use; negative: the clock went back. */
  async function stateAfter(passedMs: number): Promise<string> {
    await worker.page().evaluate(moveDeadlines, passedMs)
    const popup = await world.window('popup.html')
    const { vault } = await askFrom(popup, 'status.get', {})
    await popup.close()
    return vault
  }
})

interface Deadlines {
  readonly lockAt: number
  readonly idleLockAt: number
  readonly seenAt: number
}

async function isIdle(page: Page, minutes: number): Promise<true | null> {
  const { lock } = await askFrom(page, 'protection.get', {})
  return lock.idleMinutes === minutes ? true : null
}

/** Runs in a page of ours: the deadlines come nearer as they do while time passes. */
async function moveDeadlines(passedMs: number): Promise<void> {
  const name = 'vault.unlocked'
  const { [name]: cached } = await chrome.storage.session.get<Record<string, Deadlines>>(name)
  if (!cached) return
  const { lockAt, idleLockAt, seenAt } = cached
  const moved = {
    lockAt: lockAt - passedMs,
    idleLockAt: idleLockAt - passedMs,
    seenAt: seenAt - passedMs,
  }
  await chrome.storage.session.set({ [name]: { ...cached, ...moved } })
}
