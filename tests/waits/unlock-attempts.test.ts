import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { fill, press, waitFor } from '../support/driving/screens.ts'
import { PASSPHRASE, useWorld } from '../e2e/world.ts'

const TOO_MANY = 'Too many wrong passphrases in a row.'
const WRONG = 'That passphrase does not open this vault.'

const TIMEOUT_MS = 120_000

describe('someone who guesses at the passphrase', () => {
  const world = useWorld('keys', { watchWorkers: false })

  it(
    'C84: waits longer each time, in a new worker too, and the owner gets in after the wait',
    { timeout: TIMEOUT_MS },
    async () => {
      await world.driver.lock()
      const popup = await world.window('popup.html')
      for (let guess = 1; guess <= 4; guess++)
        expect(await answerTo(popup, 'wrong')).toContain(WRONG)
      expect(await answerTo(popup, 'wrong')).toContain(`${TOO_MANY}Wait 5 seconds`)
      // The sixth, after that wait.
      await expect
        .poll(() => answerTo(popup, 'wrong'), { timeout: 20_000, interval: 500 })
        .toContain('Wait 15 seconds')
      await killWorkers(popup)

      // Right, and not even tried.
      expect(await answerTo(popup, PASSPHRASE)).toMatch(/Wait \d+ seconds?, then try again/)

      await popup.close()
      await expect.poll(() => unlocks(), { timeout: 40_000, interval: 1_000 }).toBe(true)
    },
  )

  async function unlocks(): Promise<boolean> {
    return world.driver.unlock(PASSPHRASE).then(
      () => true,
      (error: unknown) => {
        if (!String(error).includes(TOO_MANY)) throw error
        return false
      },
    )
  }
})

/** Tries a passphrase. @returns what the window says to it */
async function answerTo(popup: Page, passphrase: string): Promise<string> {
  await fill(popup, 'Passphrase', passphrase)
  await press(popup, 'button', 'Unlock')
  // The box is empty while it is tried, and the notice of the try before is gone.
  return waitFor(popup, 'answer', () =>
    popup.evaluate(() => {
      if (!document.querySelector('input[type="password"]')) return 'It opened.'
      const busy = document.querySelector('button[type="submit"]:disabled')
      return busy ? null : (document.querySelector('[role="alert"]')?.textContent ?? null)
    }),
  )
}

async function killWorkers(page: Page): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  await session.detach()
}
