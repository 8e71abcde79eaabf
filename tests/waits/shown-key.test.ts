import { describe, expect, it } from 'vitest'
import { SHOWN, clipboard, isGone, openKey } from '../e2e/shown-key.ts'
import { PASSPHRASE, useWorld } from '../e2e/world.ts'
import { fill, press, waitFor } from '../support/driving/screens.ts'

const TIMEOUT_MS = 120_000

describe('a key that is shown and left alone', () => {
  const world = useWorld('keys', { given: ['clipboardWrite'] })

  it(
    'ends by itself after half a minute, and so does what was copied',
    { timeout: TIMEOUT_MS },
    async () => {
      const page = await openKey(world, 'groq')
      await press(page, 'button', 'Show')
      await press(page, 'button', 'Switch on')
      await fill(page, 'Passphrase', PASSPHRASE)
      await press(page, 'button', 'Show key')
      await waitFor(page, 'key', () => page.$(SHOWN))
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
    },
  )
})
