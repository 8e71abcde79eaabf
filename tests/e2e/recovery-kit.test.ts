import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import {
  choosePassphrase,
  keepKit,
  openQuiz,
  quizAnswers,
  type ShownKit,
} from '../support/driving/kit.ts'
import { fill, press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { PASSPHRASE, useWorld } from './world.ts'

const REMINDER = 'Your recovery kit is not confirmed.'
const WRONG_PART = 'This is not that part.'
const NEW_PASSPHRASE = 'nine lanterns under the old bridge'
const NEW_TITLE = 'Keep your new recovery kit'

describe('the recovery kit', () => {
  const world = useWorld('nothing')
  let kit: ShownKit

  it('is shown with the new vault, prints alone, and is not confirmed by a wrong answer or none (C116)', async () => {
    const page = await world.window('welcome.html')
    await choosePassphrase(page, PASSPHRASE, { label: 'Passphrase', submit: 'Create my vault' })
    await waitFor(page, 'kit', () => page.$('[data-testid="recovery-kit"]'))
    expect(await findings(page)).toEqual([])
    expect(await printed(page)).toEqual({ onPaper: true, besides: [] })
    kit = await openQuiz(page)
    expect(kit.secretKey).toMatch(/^VK1(?:-[0-9A-Z]{7}){4}$/)
    expect(kit.recoveryKey).toMatch(/^VR1(?:-[0-9A-Z]{7}){8}$/)

    for (const [label, answer] of await quizAnswers(page, kit)) {
      await fill(
        page,
        label,
        answer.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      )
    }
    await press(page, 'button', 'Go on')
    await expect.poll(() => textOf(page), { timeout: 5_000 }).toContain(WRONG_PART)
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Later')

    await says(page, 'Add your first key')
    expect(await kept(page)).toBe(false)
    await page.close()
    for (const path of ['popup.html', 'dashboard.html']) {
      const window = await world.window(path)
      await says(window, REMINDER)
      expect(await findings(window)).toEqual([])
      await window.close()
    }
  })

  it('is confirmed later by who has it at hand', async () => {
    const page = await world.window('dashboard.html#security')
    await fill(page, 'Recovery key', kit.secretKey)
    await press(page, 'button', 'Confirm my kit')
    await says(page, 'This is your Secret Key, the short one.')
    expect(await findings(page)).toEqual([])
    expect(await kept(page)).toBe(false)

    await fill(page, 'Recovery key', kit.recoveryKey)
    await press(page, 'button', 'Confirm my kit')

    await says(page, 'You confirmed that you keep the kit in force.')
    expect(await kept(page)).toBe(true)
    await page.close()
  })

  it('comes anew from Security for the passphrase, and ends the one before', async () => {
    const page = await world.window('dashboard.html#security')
    await press(page, 'button', 'Get a new kit')
    await fill(page, 'Current passphrase', `${PASSPHRASE}!`)
    await press(page, 'button', 'Show my new kit')
    await says(page, 'That passphrase does not open this vault.')
    expect(await findings(page)).toEqual([])
    await fill(page, 'Current passphrase', PASSPHRASE)
    await press(page, 'button', 'Show my new kit')
    await says(page, NEW_TITLE)

    const renewed = await keepKit(page)

    await says(page, 'You confirmed that you keep the kit in force.')
    expect(renewed.secretKey).toBe(kit.secretKey)
    expect(renewed.recoveryKey).not.toBe(kit.recoveryKey)
    expect(await kept(page)).toBe(true)
    const { recoveryKey } = kit
    await expect(askFrom(page, 'kit.confirm', { recoveryKey })).rejects.toThrow('unlock_failed')
    expect(await findings(page)).toEqual([])
    kit = renewed
    await page.close()
  })

  it('opens the vault of who forgot the passphrase, and makes everything new', async () => {
    await world.driver.lock()
    const popup = await world.window('popup.html')
    await press(popup, 'button', 'I forgot my passphrase')
    const target = await world.driver.browser.waitForTarget((candidate) =>
      candidate.url().endsWith('/dashboard.html#recover'),
    )
    const page = await target.asPage()
    const recover = async (recoveryKey: string) => {
      await fill(page, 'Recovery key', recoveryKey)
      await choosePassphrase(page, NEW_PASSPHRASE, {
        ...{ label: 'New passphrase', submit: 'Open my vault' },
      })
    }
    await recover(kit.secretKey)
    await says(page, 'This is your Secret Key, the short one.')
    await recover(kit.recoveryKey.slice(0, -1))
    await says(page, 'This is not a whole recovery key.')
    expect(await findings(page)).toEqual([])

    await recover(kit.recoveryKey.toLowerCase().replaceAll('-', ' '))

    await says(page, NEW_TITLE)
    const renewed = await keepKit(page)
    await says(page, 'You confirmed that you keep the kit in force.')
    expect(renewed.secretKey).not.toBe(kit.secretKey)
    await page.close()
    await world.driver.lock()
    await expect(world.driver.unlock(PASSPHRASE)).rejects.toThrow('does not open this vault')
    await world.driver.unlock(NEW_PASSPHRASE)
  })
})

function textOf(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText)
}

async function kept(page: Page): Promise<boolean> {
  return (await askFrom(page, 'status.get', {})).kitKept
}

/** Whether the kit would be on paper, and which other texts would. */
async function printed(page: Page): Promise<{ onPaper: boolean; besides: string[] }> {
  await page.emulateMediaType('print')
  const found = await page.evaluate(() => {
    const kitCard = document.querySelector('[data-testid="recovery-kit"]')
    const isShown = (element: Element | null) =>
      element?.checkVisibility({ visibilityProperty: true }) === true
    const besides = [...document.querySelectorAll('body *')].filter(
      (element) =>
        element.textContent.trim() !== '' && !kitCard?.contains(element) && isShown(element),
    )
    const keys = [...(kitCard?.querySelectorAll('[data-testid]') ?? [])]
    return {
      onPaper:
        keys.length === 3 && keys.every(isShown) && isShown(kitCard?.querySelector('svg') ?? null),
      besides: besides.map(({ textContent }) => textContent),
    }
  })
  await page.emulateMediaType()
  return found
}
