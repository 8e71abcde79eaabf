import { setTimeout as sleep } from 'node:timers/promises'
import type { UsageRow } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { consentWindow } from '../support/driving/consent-screen.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { waitFor } from '../support/driving/screens.ts'
import { startGate } from './gate.ts'
import { useWorker } from './worker-controls.ts'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from './world.ts'

const GROQ_URL = 'https://api.groq.com/openai/v1/chat/completions'
const AT_ONCE_MS = 1_000
const LOST_BEFORE_HEAD = { status: 502, code: 'wallet.lost', end: 'whole' }
const LOST_MIDWAY = { status: 200, code: null, end: 'TypeError' }
const LOST_ROW = { ending: 'lost', costSource: 'bound', tokens: null }

const NEVER_TOLD: Told = { status: 0, code: null, end: 'never', at: Infinity }

const gate = await startGate()

describe('a worker that is killed', () => {
  const world = useWorld('site', {
    watchWorkers: false,
    hosts: (fakes) => ({ 'api.groq.com': gate.leadTo(fakes.port) }),
  })
  const worker = useWorker(world)
  beforeEach(() => {
    world.fakes.reset()
  })

  afterAll(() => {
    gate.close()
  })

  beforeAll(async () => {
    const popup = await world.window('popup.html')
    const { grant } = await askFrom(popup, 'site.get', { origin: APP })
    await popup.close()
    if (!grant) throw new TypeError('The app has no grant.')
    await world.driver.switchOnSite(OTHER, { ...grant.terms, askAlways: true })
  })

  /** Ends the worker in the middle of a call. @returns what the page was told, and how soon */
  async function killDuring(call: Promise<Told>): Promise<Omit<Told, 'at'>> {
    const killedAt = Date.now()
    await worker.kill()
    const { at, ...told } = await Promise.race([call, sleep(5 * AT_ONCE_MS, NEVER_TOLD)])
    expect(at - killedAt).toBeLessThan(AT_ONCE_MS)
    return told
  }

  /** Usage rows that are not among `before`, seen by the next worker and by the one after it. */
  async function rowsSince(before: readonly UsageRow[]): Promise<readonly UsageRow[]> {
    const known = before.map(({ requestId }) => requestId)
    const added = async () =>
      (await world.driver.usage()).filter(({ requestId }) => !known.includes(requestId))
    const rows = await added()
    expect(await worker.heldCalls()).toBe(0)
    await worker.kill()
    // What is settled stays so: no second start settles it again.
    expect(await added()).toEqual(rows)
    return rows
  }

  /** The page is served again, without being loaded anew. */
  async function isServed(page: Page): Promise<void> {
    world.fakes.reset()
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    expect(await fetchFrom(page, CHAT_URL, init)).toMatchObject({ status: 200 })
  }

  it('C65: before it judged the call: told at once, and nothing is held, charged or sent', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    const valetKey = await world.driver.valetKey(APP, 'openai')
    const release = await worker.hold('valetkey-vault')
    try {
      const call = callFrom(page, CHAT_URL, chatInit(valetKey))
      // However far it came by then: without its grant it was not judged.
      await sleep(AT_ONCE_MS)
      expect(await killDuring(call)).toEqual(LOST_BEFORE_HEAD)
    } finally {
      await release()
    }
    expect(await rowsSince(before)).toEqual([])
    expect(world.fakes.requests).toEqual([])
    await isServed(page)
  })

  it('C65: while it asks the person: told at once, and the question is withdrawn', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage(OTHER)
    const { browser, extensionId } = world.driver
    const call = callFrom(page, CHAT_URL, chatInit(await world.driver.valetKey(OTHER, 'openai')))
    const consent = await consentWindow(browser, extensionId)

    expect(await killDuring(call)).toEqual(LOST_BEFORE_HEAD)
    expect(await rowsSince(before)).toEqual([])
    await expect.poll(() => consent.isClosed()).toBe(true)
    expect(world.fakes.requests).toEqual([])
  })

  it('C65: after it held the bound, before anything was sent: lost, with the whole bound', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    const valetKey = await world.driver.valetKey(APP, 'groq')
    gate.shut()
    const call = callFrom(page, GROQ_URL, chatInit(valetKey, { model: 'llama-3.3-70b-versatile' }))
    await expect.poll(() => gate.waiting()).toBeGreaterThan(0)
    expect(await worker.heldCalls()).toBe(1)

    expect(await killDuring(call)).toEqual(LOST_BEFORE_HEAD)
    gate.open()
    const rows = await rowsSince(before)
    expect(rows).toEqual([expect.objectContaining(LOST_ROW)])
    expect(rows[0]?.costNanoUsd).toBeGreaterThan(0)
    expect(world.fakes.requests).toEqual([])
    await isServed(page)
  })

  it('C65: while it waits for the provider: lost, with the whole bound; the provider is let go', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    world.fakes.behave({ firstByteDelayMs: 60_000 })
    const call = callFrom(page, CHAT_URL, chatInit(await world.driver.valetKey(APP, 'openai')))
    await expect.poll(() => world.fakes.requests.length).toBe(1)

    expect(await killDuring(call)).toEqual(LOST_BEFORE_HEAD)
    expect(await rowsSince(before)).toEqual([expect.objectContaining(LOST_ROW)])
    await expect.poll(() => world.fakes.requests[0]?.reply.aborted).toBe(true)
    await isServed(page)
  })

  it('C65: mid-stream: the body breaks at once, and is settled as lost', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 100 })
    const init = chatInit(await world.driver.valetKey(APP, 'openai'), { stream: true })
    const call = callFrom(page, CHAT_URL, init)
    await page.waitForFunction(() => document.title.includes('word'))

    expect(await killDuring(call)).toEqual(LOST_MIDWAY)
    expect(await rowsSince(before)).toEqual([expect.objectContaining(LOST_ROW)])
    await expect.poll(() => world.fakes.requests[0]?.reply.aborted).toBe(true)
    await isServed(page)
  })

  it('C65: while it settles: the page has the whole reply, and the bound is charged', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    world.fakes.behave({ text: 'word '.repeat(10), gapMs: 100 })
    const init = chatInit(await world.driver.valetKey(APP, 'openai'), { stream: true })
    const call = callFrom(page, CHAT_URL, init)
    await page.waitForFunction(() => document.title.includes('word'))
    const release = await worker.hold('valetkey-ledger')
    try {
      expect(await call).toMatchObject({ status: 200, end: 'whole' })
      await worker.kill()
    } finally {
      await release()
    }
    expect(await rowsSince(before)).toEqual([expect.objectContaining(LOST_ROW)])
    await isServed(page)
  })

  it('C65: right after it settled: the call stays done, at its real cost', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    const told = await callFrom(
      page,
      CHAT_URL,
      chatInit(await world.driver.valetKey(APP, 'openai')),
    )
    // The page is told of the end while the disk is still at it.
    await expect.poll(async () => (await world.driver.usage()).length).toBe(before.length + 1)
    await worker.kill()

    expect(told).toMatchObject({ status: 200, end: 'whole' })
    expect(await rowsSince(before)).toEqual([
      expect.objectContaining({ ending: 'done', costSource: 'usage' }),
    ])
  })

  it('while it starts for a call: told at once or served, and never charged twice', async () => {
    const before = await world.driver.usage()
    const page = await world.emptyPage()
    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    await worker.kill()
    const call = callFrom(page, CHAT_URL, init)
    await worker.starting()

    // The browser may start another one for what waits, or end the page's port.
    const told = await killDuring(call)
    const endings = (await rowsSince(before)).map(({ ending }) => ending)
    expect([
      { ...LOST_BEFORE_HEAD, endings: [] },
      { ...LOST_BEFORE_HEAD, endings: ['lost'] },
      { status: 200, code: null, end: 'whole', endings: ['done'] },
    ]).toContainEqual({ ...told, endings })
    await isServed(page)
  })

  it('again and again while a window of ours asks it: the window shows no error', async () => {
    const popup = await world.window('popup.html')
    await waitFor(popup, 'list of keys', () => popup.$('::-p-text(openai 1)'))

    for (let round = 0; round < 6; round++) {
      const questions = worker.page().evaluate(keepWindowsReading)
      await sleep(100)
      await worker.kill()
      await questions
      await world.driver.usage()
      expect(await popup.$$eval('[role="alert"]', (found) => found.length)).toBe(0)
    }
    expect(await popup.evaluate(() => document.body.innerText)).toContain('openai 1')
    await popup.close()
  })
})

/** What a page saw of a call. */
interface Told {
  readonly status: number
  /** Our code in the reply's headers. */
  readonly code: string | null
  /** `whole`, or the name of the error that ended the body or the call itself. */
  readonly end: string
  /** When it ended, Unix ms. */
  readonly at: number
}

/** Makes a call, shows what came of its text in the title, and tells how it ended. */
function callFrom(page: Page, url: string, init: object): Promise<Told> {
  return page.evaluate(
    async (target, given) => {
      let [status, code, end] = [0, null as string | null, 'whole']
      try {
        const reply = await fetch(target, given)
        status = reply.status
        code = reply.headers.get('x-valetkey-error')
        const reader = reply.body?.pipeThrough(new TextDecoderStream()).getReader()
        for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
          document.title += part.value
        }
      } catch (error) {
        end = error instanceof Error ? error.name : String(error)
      }
      return { status, code, end, at: Date.now() }
    },
    url,
    init,
  )
}

/** Runs in a page of the extension: every open window reads anew, as after each change. */
async function keepWindowsReading(): Promise<void> {
  const until = performance.now() + 300
  while (performance.now() < until) {
    void chrome.runtime.sendMessage({ type: 'state-changed' }).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
