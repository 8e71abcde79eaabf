import { describe, expect, it } from 'vitest'
import { OTHER, useWorld } from '../e2e/world.ts'
import { hasShim, tryToSpend } from './attempt.ts'
import { callStart, refusals, talk } from './talk.ts'

/** The browser lets ValetKey onto it from the first day, for its keys: nobody approved it as an app. */
const DASHBOARD = 'https://platform.openai.com'

describe('an origin nobody approved', () => {
  const world = useWorld('site', { appHosts: [new URL(DASHBOARD).host] })

  it.each([OTHER, DASHBOARD])(
    'C1: with a stolen valet key %s gets the provider’s own refusal of its own request',
    async (stranger) => {
      const page = await world.emptyPage(stranger)
      const outcome = await tryToSpend(world, page)
      const answered = world.fakes.requests.map(({ key, reply }) => [key, reply.status])

      expect([await hasShim(page), outcome]).toEqual([false, 'unswapped'])
      expect(answered).toContainEqual([null, 401])
      // Nobody there takes a port, and the extension has no door for pages.
      const start = await callStart(world)
      expect(await talk(page, [start], 0)).toEqual({ taken: false, replies: [] })
      expect(await page.evaluate(() => typeof (chrome as Partial<typeof chrome>).runtime)).toBe(
        'undefined',
      )
    },
  )

  it('C1: an app that was switched off and still has its port is told that there is no grant', async () => {
    await world.driver.switchOnSite(OTHER)
    const page = await world.emptyPage(OTHER)
    const stolen = await callStart(world)
    const own = await callStart(world, OTHER)
    // A port of the page’s own: its shim hears of the end, this one is asked all the same.
    expect((await talk(page, [own], 1)).taken).toBe(true)
    expect(world.fakes.requests).toHaveLength(1)

    const popup = await world.window(`popup.html?site=${encodeURIComponent(OTHER)}`)
    await popup.evaluate((origin) => {
      return chrome.runtime.sendMessage({ method: 'site.switch_off', params: { origin } })
    }, OTHER)
    await popup.close()

    for (const start of [own, stolen]) {
      const { replies } = await talk(page, [{ ...start, callId: crypto.randomUUID() }], 1)
      expect(refusals(replies)).toEqual(['403 grant.missing'])
    }
    expect(world.fakes.requests).toHaveLength(1)
  })
})
