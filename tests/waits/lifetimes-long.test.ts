import type { Page } from 'puppeteer'
import { beforeAll, describe, it } from 'vitest'
import { APP, CHAT_URL, OTHER, chatInit, fetchFrom, useWorld } from '../e2e/world.ts'

/**
 * Chrome ends a worker 30 s after the last event it knows of, and neither an open port nor a pending
 * request is one. The groups run side by side, each in a browser of its own: a call that waits for its
 * reply would keep the worker up for a stream that does not.
 */
const UNWATCHED = { watchWorkers: false } as const
const TIMEOUT_MS = 240_000
const GROQ_URL = 'https://api.groq.com/openai/v1/chat/completions'

describe.concurrent('a provider that thinks for 100 seconds', () => {
  const world = useWorld('site', UNWATCHED)

  it('is waited for', { timeout: TIMEOUT_MS }, async ({ expect }) => {
    const page = await world.emptyPage()
    world.fakes.behave({ firstByteDelayMs: 100_000 })

    const init = chatInit(await world.driver.valetKey(APP, 'openai'))
    const reply = await fetchFrom(page, CHAT_URL, init)

    expect(reply).toMatchObject({ status: 200, rejected: null })
    expect((await world.driver.usage())[0]).toMatchObject({ ending: 'done', costSource: 'usage' })
  })
})

describe.concurrent('streams that last', () => {
  const world = useWorld('site', UNWATCHED)

  beforeAll(async () => {
    await world.driver.switchOnSite(OTHER)
  })

  it(
    'for a minute, six at once, and one that is silent for 45 seconds: all arrive whole',
    async ({ expect }) => {
      const before = (await world.driver.usage()).length
      const pages = [await world.emptyPage(), await world.emptyPage(OTHER)] as const
      const minute = { text: 'twelve chars'.repeat(60), gapMs: 1_000 }
      world.fakes.behave({ provider: 'openai', ...minute })
      world.fakes.behave({ provider: 'groq', ...SILENT_FOR_45_S })
      const calls = [APP, OTHER].flatMap((origin, index) =>
        [1, 2, 3].map(async () => {
          const page = pages[index] ?? pages[0]
          return readStream(page, CHAT_URL, await world.driver.valetKey(origin, 'openai'))
        }),
      )
      const silent = readStream(pages[0], GROQ_URL, await world.driver.valetKey(APP, 'groq'))

      for (const stream of await Promise.all(calls)) {
        expect(stream).toEqual({
          status: 200,
          end: 'data: [DONE]\n\n',
          seconds: expect.any(Number) as number,
        })
        expect(stream.seconds).toBeGreaterThan(60)
      }
      expect(await silent).toMatchObject({ status: 200, end: 'data: [DONE]\n\n' })
      expect((await silent).seconds).toBeGreaterThan(45)
      const rows = (await world.driver.usage()).slice(0, -before || undefined)
      expect(rows.map(({ ending }) => ending)).toEqual(Array.from({ length: 7 }, () => 'done'))
    },
    TIMEOUT_MS,
  )
})

const SPOKEN = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Hm.' } }] })}\n\n`
const SILENT_FOR_45_S = {
  body: `${SPOKEN.repeat(2)}data: [DONE]\n\n`,
  contentType: 'text/event-stream',
  pieceBytes: 2 * SPOKEN.length,
  gapMs: 45_000,
}

interface Stream {
  readonly status: number
  /** The last 14 characters, or the name of the error it broke with. */
  readonly end: string
  readonly seconds: number
}

/** Reads a stream to its end, as an app does. */
function readStream(page: Page, url: string, valetKey: string): Promise<Stream> {
  return page.evaluate(
    async (target, init) => {
      const started = performance.now()
      const reply = await fetch(target, init)
      const end = await reply.text().then(
        (text) => text.slice(-14),
        (error: unknown) => (error instanceof Error ? error.name : String(error)),
      )
      return { status: reply.status, end, seconds: (performance.now() - started) / 1000 }
    },
    url,
    chatInit(valetKey, { stream: true }),
  )
}
