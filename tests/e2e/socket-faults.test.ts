import type { Terms } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { useWorker } from './worker-controls.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const REALTIME = 'wss://api.openai.com/v1/realtime?model=gpt-realtime'
const AT_ONCE_MS = 1_000
const SOON = { timeout: 5 * AT_ONCE_MS }

describe('an open socket', () => {
  const world = useWorld('keys', {
    providers: ['openai'],
    given: ['wss://api.openai.com/*'],
    watchWorkers: false,
  })
  const worker = useWorker(world)
  let popup: Page
  let page: Page

  beforeAll(async () => {
    popup = await world.window('popup.html')
    await world.driver.switchOnSite(APP, await liveTerms())
  })

  async function liveTerms(): Promise<Terms> {
    const { keys } = await askFrom(popup, 'key.list', {})
    return {
      schema: 1,
      providers: keys.map(({ id, provider }) => ({
        ...{ provider, keys: { only: id }, models: 'any' as const },
        capabilities: ['chat', 'realtime'],
      })),
      budgets: [{ usd: '50.00', window: 'month' }],
      limits: { perMinute: 60, parallel: 4, maxOutputTokens: 4096 },
      expiresAt: Date.now() + 86_400_000,
      lane: 'proxy',
    }
  }

  /** Opens a socket, does something to it, and says how its page heard of the end. */
  async function endedBy(act: () => Promise<unknown>): Promise<string> {
    const valetKey = await world.driver.valetKey(APP, 'openai')
    page = await world.emptyPage()
    const opened = page.evaluate(openSocket, REALTIME, `openai-insecure-api-key.${valetKey}`)
    await world.driver.answerConsent('allow')
    expect(await opened).toBe('open')
    const [provider] = world.fakes.sockets.slice(-1)
    const done = act()
    await expect.poll(() => provider?.end, { timeout: AT_ONCE_MS, interval: 20 }).not.toBeNull()
    await expect.poll(() => page.title(), SOON).toMatch(/^closed/)
    await done
    return page.title()
  }

  it('ends on both sides at once, and its page is told why (C115): worker killed, paused, taken back, locked, erased', async () => {
    const pauseSite = (paused: boolean) => askFrom(popup, 'site.pause', { origin: APP, paused })
    const pauseAll = (paused: boolean) => askFrom(popup, 'wallet.pause', { paused })
    const terms = await liveTerms()
    const ends: string[] = [await endedBy(() => worker.kill())]
    ends.push(await endedBy(() => pauseSite(true)))
    await pauseSite(false)
    ends.push(await endedBy(() => pauseAll(true)))
    await pauseAll(false)
    ends.push(await endedBy(() => askFrom(popup, 'site.switch_off', { origin: APP })))
    await world.driver.switchOnSite(APP, terms)
    ends.push(await endedBy(() => askFrom(popup, 'vault.lock', {})))
    await world.driver.unlock(PASSPHRASE)
    ends.push(await endedBy(() => askFrom(popup, 'wallet.erase', { typed: 'erase' })))

    expect(ends).toEqual([
      'closed 1006 wallet.lost false',
      'closed 4403 grant.paused true',
      'closed 4403 grant.paused true',
      'closed 4403 grant.revoked true',
      'closed 4423 vault.locked true',
      'closed 4403 grant.revoked true',
    ])
    // No socket is left, nor a rule but the one that stays.
    const rules = await popup.evaluate(() => chrome.declarativeNetRequest.getSessionRules())
    expect(rules.map(({ id }) => id)).toEqual([1])
  })
})

/** Runs in the page; how the socket ends shows in its title. */
function openSocket(url: string, key: string): Promise<string> {
  const socket = new WebSocket(url, ['realtime', key])
  return new Promise((resolve) => {
    socket.addEventListener('open', () => {
      resolve('open')
    })
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      document.title = `closed ${code} ${reason} ${wasClean}`
      resolve(document.title)
    })
  })
}
