/** An app of React with the SDK's hooks and button, driven as a person does. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { press, says } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, EXTENSION_DIR, PASSPHRASE, useWorld } from './world.ts'

/** Where pictures of the app are left to be looked at. */
const FOLDER = join(EXTENSION_DIR, '..', 'screenshots')

describe('an app of React', () => {
  const world = useWorld('keys')

  const buttonOf = (page: Page): Promise<readonly (string | boolean | null)[]> =>
    page.$eval('[data-valetkey]', (button) => [
      button.getAttribute('data-valetkey'),
      button.textContent,
      button.getAttribute('aria-disabled') === 'true',
    ])

  /** Tells whether the app logged an error or a warning: React says there what it does not like. */
  async function appPage(): Promise<{ page: Page; complaints: string[] }> {
    const page = await world.driver.newPage('about:blank')
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${APP}/connect`)
    await page.waitForSelector('[data-valetkey]')
    return { page, complaints }
  }

  it('connects by its button, streams, and knows what it spent', async () => {
    const { page, complaints } = await appPage()
    await expect.poll(() => buttonOf(page)).toEqual(['not-connected', 'Connect AI', false])
    await picture(page, 'connect-react-before')

    await press(page, 'button', 'Connect AI')
    await expect
      .poll(() => buttonOf(page))
      .toEqual(['asking', 'Answer in the ValetKey window…', true])
    await world.driver.answerConsent('allow')
    await expect.poll(() => buttonOf(page)).toEqual(['connected', 'AI connected', true])
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('AI connected')

    world.fakes.behave({ text: 'Keys in hand and cars in rows', gapMs: 20 })
    await press(page, 'button', 'Write')
    await says(page, 'Keys in hand and cars in rows')
    await says(page, '1 calls')
    await picture(page, 'connect-react-after')
    expect(world.fakes.requests).toHaveLength(1)
    expect(world.fakes.requests[0]).toMatchObject({ key: world.keys.openai })
    expect(await findings(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('has its session again after a reload, follows a lock, and gives the grant back', async () => {
    const { page, complaints } = await appPage()
    if ((await buttonOf(page))[0] !== 'connected') {
      await expect.poll(async () => (await buttonOf(page))[0]).toMatch(/connected$/)
    }
    if ((await buttonOf(page))[0] === 'not-connected') {
      await press(page, 'button', 'Connect AI')
      await world.driver.answerConsent('allow')
    }
    await expect.poll(async () => (await buttonOf(page))[0]).toBe('connected')

    await page.reload()
    await expect.poll(async () => (await buttonOf(page))[0]).toBe('connected')
    await world.driver.lock()
    await expect
      .poll(() => buttonOf(page), { timeout: 5000 })
      .toEqual(['locked', 'Unlock ValetKey', false])
    await world.driver.unlock(PASSPHRASE)
    await expect.poll(async () => (await buttonOf(page))[0], { timeout: 5000 }).toBe('connected')

    await press(page, 'button', 'Disconnect')
    await expect.poll(() => buttonOf(page)).toEqual(['not-connected', 'Connect AI', false])
    expect(complaints).toEqual([])
  })
})

async function picture(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  for (const value of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }])
    await page.screenshot({ path: join(FOLDER, `${name}-${value}.png`) })
  }
}
