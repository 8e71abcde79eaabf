import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, PASSPHRASE, chatInit, fetchFrom, useWorld } from './world.ts'

/** Done in a window of ours, past the worker: nobody tells it. */
const CHANGES = {
  'vault.locked': () => chrome.storage.session.remove('vault.unlocked'),
  'grant.paused': () => chrome.storage.local.set({ 'settings.paused': true }),
  'grant.missing': () => chrome.storage.local.set({ sites: [] }),
} as const

describe('what another context of ours wrote', () => {
  const world = useWorld('site')

  it.each(['grant.paused', 'grant.missing', 'vault.locked'] as const)(
    'stops the very next call: %s',
    async (code) => {
      const page = await world.emptyPage()
      const window = await world.window('popup.html')
      const valetKey = await world.driver.valetKey(APP, 'openai')
      const call = () => fetchFrom(page, CHAT_URL, chatInit(valetKey))
      expect((await call()).status).toBe(200)
      const { sites } = await window.evaluate(() => chrome.storage.local.get('sites'))

      await window.evaluate(CHANGES[code])
      const stopped = await call()
      // A lock aborts whatever runs, and the call that notices it runs.
      const refused = code === 'vault.locked' ? await call() : stopped
      const before = { 'settings.paused': false, sites }
      await window.evaluate((stored) => chrome.storage.local.set(stored), before)

      expect(stopped.status).not.toBe(200)
      expect(refused.headers).toMatchObject({ 'x-valetkey-error': code })
      expect(world.fakes.requests).toHaveLength(1)
      if (code === 'vault.locked') await world.driver.unlock(PASSPHRASE)
      // That it may go on is heard a moment later, where the machine is busy.
      await expect.poll(async () => (await call()).status).toBe(200)
      await window.close()
    },
  )
})
