/** A locked vault: one answer for all, and no storm of calls for the person (C21). */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Page } from 'puppeteer'
import { APP, OTHER, PASSPHRASE, useWorld } from '../e2e/world.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { tryToSpend } from './attempt.ts'

const CALLS_A_PAGE = 25
/** What a page may hear at most once in. */
const QUIET_MS = 30_000

describe('a locked vault', () => {
  const world = useWorld('site')
  beforeAll(async () => {
    // A grant of other terms: what it allows must not show while nothing can be read.
    await world.driver.switchOnSite(OTHER)
    const popup = await world.window('popup.html')
    const { grant } = await askFrom(popup, 'site.get', { origin: OTHER })
    await askFrom(popup, 'site.switch_off', { origin: OTHER })
    await popup.close()
    if (!grant) throw new TypeError(`${OTHER} is not switched on.`)
    const providers = grant.terms.providers.map((one) => ({ ...one, models: ['only-this'] }))
    await world.driver.switchOnSite(OTHER, { ...grant.terms, providers })
  })

  // First: one call holds back the next ones for a while, those of another test too.
  it('C21: calls the person once, and opens nothing, however often it is asked', async () => {
    const keys = [await valetKey(APP), await valetKey(OTHER)]
    const pages = [await world.emptyPage(APP), await world.emptyPage(OTHER)]
    await world.driver.lock()
    const watch = await world.window('consent.html?id=none')
    await askFrom(watch, 'status.get', { seen: true })
    await watch.evaluate(watchToolbar)
    const startedAt = performance.now()
    const burst = () =>
      Promise.all(
        pages.map((page, at) => page.evaluate(callManyWays, keys[at] ?? '', CALLS_A_PAGE)),
      )
    await burst()
    await expect.poll(() => shownBy(watch), { timeout: 10_000 }).toEqual(['!'])
    // The person looked, and the pages go on.
    await askFrom(watch, 'status.get', { seen: true })
    await burst()
    // By the end of another burst, what the first one brought to the toolbar is there.
    await burst()
    const shown = await shownBy(watch)
    const halfMinutes = 1 + Math.floor((performance.now() - startedAt) / QUIET_MS)
    await watch.close()

    expect(shown.filter((text) => text === '!').length).toBeLessThanOrEqual(halfMinutes)
    expect(shown.filter((text) => text.startsWith('window'))).toEqual([])
    await world.driver.unlock(PASSPHRASE)
    expect(await tryToSpend(world, await world.emptyPage())).toBe('served')
  })

  it('C21: says so to every caller in the same words, whatever is asked', async () => {
    const keys = [await valetKey(APP), await valetKey(OTHER)]
    const pages = [await world.emptyPage(APP), await world.emptyPage(OTHER)]
    await world.driver.lock()
    const replies = await Promise.all(
      pages.map((page, index) => page.evaluate(callManyWays, keys[index] ?? '', CALLS_A_PAGE)),
    )
    await world.driver.unlock(PASSPHRASE)

    expect(replies.flat()).toHaveLength(2 * CALLS_A_PAGE)
    expect([...new Set(replies.flat())]).toHaveLength(1)
    expect(replies.flat()[0]).toMatch(
      /^423 vault\.locked false application\/json \{.*vault\.locked/,
    )
    expect(world.fakes.requests).toEqual([])
  })

  const valetKey = (origin: string) => world.driver.valetKey(origin, 'openai')
})

/** What the toolbar and the screen showed since the watch began, in order. */
function shownBy(watch: Page): Promise<string[]> {
  return watch.evaluate('window.shown') as Promise<string[]>
}

/** Runs in a window of ours: notes every change of the badge, and every window and tab that opens. */
function watchToolbar(): void {
  const shown: string[] = []
  Object.assign(window, { shown })
  let last = ''
  chrome.windows.onCreated.addListener(() => shown.push('window'))
  chrome.tabs.onCreated.addListener(() => shown.push('window of a tab'))
  setInterval(() => {
    void chrome.action.getBadgeText({}).then((text) => {
      if (text !== last && text !== '') shown.push(text)
      last = text
    })
  }, 5)
}

/** Runs in a page: calls that an open vault would answer each in another way. */
async function callManyWays(key: string, count: number): Promise<string[]> {
  const base = 'https://api.openai.com/v1'
  const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }
  const ways: [path: string, body: unknown][] = [
    ['/chat/completions', chat],
    ['/chat/completions', { ...chat, model: 'only-this' }],
    ['/chat/completions', { ...chat, max_tokens: 1e9, n: 100 }],
    ['/chat/completions', 'no JSON at all'],
    ['/no/such/endpoint', chat],
    ['/organization/admin_api_keys', chat],
    ['/images/generations', { prompt: 'x' }],
    ['/files', chat],
  ]
  const replies = Array.from({ length: count }, async (_, index) => {
    const [path = '', body] = ways[index % ways.length] ?? []
    const reply = await fetch(base + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const { headers } = reply
    const names = ['x-valetkey-error', 'x-should-retry', 'content-type']
    const told = names.map((name) => headers.get(name) ?? '').join(' ')
    return `${reply.status} ${told} ${await reply.text()}`
  })
  return Promise.all(replies)
}
