import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { APP, CHAT_URL, OTHER, PASSPHRASE, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'
import { addFrame } from './attempt.ts'
import { WORKER, WORKER_KINDS, callFromWorker } from './worker-calls.ts'

const SUB = 'https://sub.app.example.test'
const TWIN = 'http://app.example.test'
const OTHER_PORT = `${APP}:8443`
/** Another site: what a browser keeps for its frames is kept apart. */
const STRANGER = 'https://stranger.test'
const EVIL = 'https://evil.example.test'

const KINDS = ['page', ...WORKER_KINDS] as const
type Kind = (typeof KINDS)[number]

/** The app's own host without TLS: anyone on the network could answer there. */
const plain = createServer((request, reply) => {
  const isScript = request.url?.endsWith('.js') === true
  reply.setHeader('content-type', isScript ? WORKER.contentType : 'text/html')
  reply.end(isScript ? WORKER.body : '<!doctype html><title>plain</title>')
})
await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
const plainPlace = `127.0.0.1:${(plain.address() as AddressInfo).port}` // TCP, never a pipe

describe('compatibility mode', () => {
  const world = useWorld('site', {
    given: ['webRequest'],
    appHosts: [SUB, STRANGER].map((url) => new URL(url).host).concat('corsproxy.example.test'),
    hosts: { 'app.example.test:80': plainPlace },
  })
  let popup: Page
  let valetKey = ''

  beforeAll(async () => {
    world.apps.serve('/worker.js', WORKER)
    valetKey = await world.driver.valetKey(APP, 'openai')
    popup = await world.window('popup.html')
  })

  afterAll(() => {
    plain.closeAllConnections()
    plain.close()
  })

  const setLane = (dropsLimits: boolean) =>
    askFrom(popup, 'site.set_lane', { origin: APP, lane: 'inject', dropsLimits })
  const reauthenticate = () => askFrom(popup, 'vault.reauthenticate', { passphrase: PASSPHRASE })
  const rules = () =>
    popup.evaluate(async () => {
      const all = await chrome.declarativeNetRequest.getSessionRules()
      const dynamic = await chrome.declarativeNetRequest.getDynamicRules()
      return { session: all.filter(({ id }) => id >= 1000).length, dynamic: dynamic.length }
    })
  const keysSeen = () => world.fakes.requests.map(({ method, key }) => `${method} ${key !== null}`)

  /** What the provider got of one call made by that kind of caller. */
  async function callBy(place: Page | Frame, kind: Kind): Promise<readonly string[]> {
    world.fakes.expectValetKeys(true)
    const before = world.fakes.requests.length
    if (kind === 'page') await fetchFrom(place, CHAT_URL, chatInit(valetKey))
    else await place.evaluate(callFromWorker, kind, [CHAT_URL, chatInit(valetKey)] as const)
    return world.fakes.requests
      .slice(before)
      .filter(({ method }) => method !== 'OPTIONS')
      .map(({ key }) => (key === null ? 'no key' : 'key'))
  }

  /** The spy must have seen the key: that is what this mode gives up. Then it starts anew. */
  async function spyHasSeen(): Promise<boolean> {
    const findings = await world.driver.canarySweep([world.keys.openai])
    const spied = findings.filter(({ place }) => place.startsWith('log of the spy extension'))
    expect(findings).toEqual(spied)
    const target = world.driver.browser
      .targets()
      .find(
        (each) =>
          each.url().endsWith('/background.js') && !each.url().includes(world.driver.extensionId),
      )
    const spy = await world.driver.newPage(new URL('/log.html', target?.url()).href)
    await spy.evaluate(() => chrome.runtime.sendMessage('forget'))
    await spy.close()
    return spied.length > 0
  }

  it('is refused without the passphrase, and while a limit stands that it cannot keep', async () => {
    expect(await setLane(true)).toEqual({ outcome: 'passphrase-needed' })
    await reauthenticate()
    await expect(setLane(false)).rejects.toThrow('grant.lane_denied')
    expect(await rules()).toEqual({ session: 0, dynamic: 0 })
    const page = await world.emptyPage()
    expect(await callBy(page, 'worker')).toEqual(['no key'])
  })

  it('serves page, worker, shared worker and service worker; preflights carry nothing; the spy sees it', async () => {
    await reauthenticate()
    expect(await setLane(true)).toEqual({ outcome: 'set' })
    expect((await rules()).dynamic).toBe(0)
    const before = (await world.driver.usage()).length
    const page = await world.emptyPage()
    const got: Partial<Record<Kind, readonly string[]>> = {}
    for (const kind of KINDS) got[kind] = await callBy(page, kind)

    expect(got).toEqual(Object.fromEntries(KINDS.map((kind) => [kind, ['key']])))
    const answered = (await world.driver.usage()).length
    // An address nobody asked for yet: the browser remembers preflights.
    const { headers } = chatInit(valetKey) as { headers: object }
    await fetchFrom(page, 'https://api.openai.com/v1/models', { headers })
    expect(keysSeen().filter((seen) => seen === 'OPTIONS true')).toEqual([])
    expect(keysSeen().slice(-2)).toEqual(['OPTIONS false', 'GET true'])
    await expect
      .poll(async () => (await world.driver.usage()).length - before, { timeout: 5000 })
      .toBe(KINDS.length + 1)
    expect(answered - before).toBe(KINDS.length)
    expect((await world.driver.usage())[1]).toMatchObject({
      ...{ lane: 'inject', provider: 'openai', model: 'gpt-4o-mini', costSource: 'floor' },
      tokens: { output: 0 },
    })
    expect(await spyHasSeen()).toBe(true)
  })

  it('gives the key to no other caller, and to no other host', async () => {
    world.fakes.expectValetKeys(true)
    const evil = await world.driver.newPage(`${OTHER}/empty`)
    const sandboxed = await addFrame(await world.emptyPage(), {
      sandbox: 'allow-scripts',
      src: `${APP}/empty`,
    })
    const framed = await addFrame(evil, { src: `${APP}/empty` })
    const sub = await world.emptyPage(SUB)
    const outcomes = {
      'another site': await callBy(evil, 'page'),
      'a sandboxed frame': await callBy(sandboxed, 'page'),
      'the app framed by another site': await callBy(framed, 'page'),
      'a worker of the framed app': await callBy(framed, 'worker'),
      'a subdomain': await callBy(sub, 'page'),
    }
    for (const [who, got] of Object.entries(outcomes)) expect([who, ...got]).not.toContain('key')

    const page = await world.emptyPage()
    world.apps.serve('/v1/redirect', {
      status: 307,
      body: '',
      headers: { location: `${EVIL}/take` },
    })
    for (const url of [
      `https://corsproxy.example.test/https://api.openai.com/v1/chat/completions`,
      `https://corsproxy.example.test/?https://api.openai.com/v1/chat/completions`,
      `${EVIL}/v1/chat/completions`,
      'https://api.openai.com/v1/files',
      'https://api.openai.com/v1/organization/admin_api_keys',
    ]) {
      await page.evaluate(callFromWorker, 'worker' as const, [url, chatInit(valetKey)] as const)
    }
    expect(
      world.fakes.requests.filter(({ path }) => !path.includes('/chat/')).map(({ key }) => key),
    ).toEqual(expect.not.arrayContaining([world.keys.openai]))
    expect(world.fakes.violations).toEqual([])
  })

  it('tells the app from its twin and its other port, sends no key after a redirect; F20 stands as known', async () => {
    expect(await callBy(await world.driver.newPage(`${TWIN}/empty`), 'worker')).toEqual(['no key'])
    expect(await callBy(await world.emptyPage(OTHER_PORT), 'worker')).toEqual(['no key'])

    const page = await world.emptyPage()
    world.fakes.behave({ redirectTo: `${EVIL}/take`, status: 307, times: 1 })
    const { headers } = chatInit(valetKey) as { headers: object }
    const models = ['https://api.openai.com/v1/models', { headers }] as const
    await page.evaluate(callFromWorker, 'worker' as const, models)
    // It did get the key, and sent the worker on: nothing of the key went there.
    expect(world.fakes.requests.at(-1)).toMatchObject({ method: 'GET', key: world.keys.openai })
    expect(
      world.fakes.attackerRequests.map(({ method, headers: sent }) => [
        ...[method, sent['authorization']],
      ]),
    ).toEqual([
      ['OPTIONS', undefined],
      ['GET', undefined],
    ])

    // F20, known: a shared worker of the app gets it though a stranger frames the app.
    const got: Record<string, readonly string[]> = {}
    for (const framer of [OTHER, STRANGER]) {
      const page = await world.driver.newPage(`${framer}/empty`)
      const framed = await addFrame(page, { src: `${APP}/empty` })
      got[framer] = [
        ...(await callBy(framed, 'worker')),
        ...(await callBy(framed, 'shared worker')),
      ]
    }

    // `topDomains` keeps page and worker out; a shared worker has no page above it. The window says so.
    expect(got).toEqual({
      [OTHER]: ['no key', 'key'],
      [STRANGER]: ['no key', 'key'],
    })
    expect(await spyHasSeen()).toBe(true)
  })

  it('ends with lock, pause and revocation, before the next request (C115)', async () => {
    const page = await world.emptyPage()
    expect(await callBy(page, 'worker')).toEqual(['key'])
    await spyHasSeen()
    await askFrom(popup, 'wallet.pause', { paused: true })
    expect(await callBy(page, 'worker')).toEqual(['no key'])
    await askFrom(popup, 'wallet.pause', { paused: false })
    await askFrom(popup, 'site.pause', { origin: APP, paused: true })
    expect(await callBy(page, 'worker')).toEqual(['no key'])
    await askFrom(popup, 'site.pause', { origin: APP, paused: false })
    expect((await rules()).session).toBeGreaterThan(0)

    await world.driver.lock()
    expect(await callBy(page, 'worker')).toEqual(['no key'])
    expect((await rules()).session).toBe(0)
    await world.driver.unlock(PASSPHRASE)
    await expect.poll(async () => (await rules()).session, { timeout: 5000 }).toBeGreaterThan(0)

    await askFrom(popup, 'site.switch_off', { origin: APP })
    expect(await callBy(page, 'worker')).toEqual(['no key'])
    expect(await rules()).toEqual({ session: 0, dynamic: 0 })
  })
})
