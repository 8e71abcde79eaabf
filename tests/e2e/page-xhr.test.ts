import { describe, expect, it } from 'vitest'
import { APP, CHAT_URL, chatInit, useWorld } from './world.ts'

/** What the page is told to send. */
interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

describe('a page that calls by XMLHttpRequest', () => {
  const world = useWorld('site')
  const sent = async (body: object): Promise<Sent> => {
    const init = chatInit(await world.driver.valetKey(APP, 'openai'), body) as Omit<Sent, 'url'>
    return { url: CHAT_URL, headers: init.headers, body: init.body }
  }

  it('gets the answer, whole as JSON, and as text that grows while the provider still writes', async () => {
    const page = await world.emptyPage()
    const whole = await page.evaluate(
      ({ url, headers, body }) =>
        new Promise((resolve) => {
          const xhr = new XMLHttpRequest()
          xhr.open('POST', url)
          for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
          xhr.responseType = 'json'
          xhr.onloadend = () => {
            const { status, responseURL } = xhr
            const type = xhr.getResponseHeader('content-type')
            resolve({ status, responseURL, type, text: JSON.stringify(xhr.response) })
          }
          xhr.send(body)
        }),
      await sent({}),
    )

    expect(whole).toMatchObject({ status: 200, responseURL: CHAT_URL, type: 'application/json' })
    expect(whole).toMatchObject({
      text: expect.stringContaining('The valet parks the car') as string,
    })
    expect(world.fakes.requests).toMatchObject([{ key: world.keys.openai, valetKeys: [] }])

    world.fakes.behave({ text: 'one two three four five six seven eight', gapMs: 60 })
    const streamed = page.evaluate(
      ({ url, headers, body }) =>
        new Promise<{ lengths: number[]; text: string; firstMs: number; wholeMs: number }>(
          (resolve) => {
            const xhr = new XMLHttpRequest()
            const lengths: number[] = []
            const start = performance.now()
            let firstMs = 0
            xhr.open('POST', url)
            for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
            xhr.onprogress = () => {
              firstMs ||= performance.now() - start
              lengths.push(xhr.responseText.length)
              document.title = 'first'
            }
            xhr.onload = () => {
              resolve({
                lengths,
                text: xhr.responseText,
                firstMs,
                wholeMs: performance.now() - start,
              })
            }
            xhr.send(body)
          },
        ),
      await sent({ stream: true }),
    )
    await page.waitForFunction(() => document.title === 'first')
    const { finished } = world.fakes.requests.at(-1)?.reply ?? { finished: true }
    const { lengths, text, firstMs, wholeMs } = await streamed

    expect(finished).toBe(false)
    expect(wholeMs - firstMs).toBeGreaterThan(200)
    expect(lengths.length).toBeGreaterThan(3)
    expect([...lengths].sort((a, b) => a - b)).toEqual(lengths)
    expect(text).toMatch(/data: \[DONE\]\s*$/)
  })

  it('stops the provider by abort, by its time-out, and by opening the object anew', async () => {
    const page = await world.emptyPage()
    world.fakes.behave({ text: 'word '.repeat(400), gapMs: 30 })
    for (const way of ['abort', 'timeout', 'open'] as const) {
      const heard = await page.evaluate(
        ({ url, headers, body }, how) =>
          new Promise<string[]>((resolve) => {
            const xhr = new XMLHttpRequest()
            const log: string[] = []
            xhr.open('POST', url)
            for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
            for (const type of ['abort', 'timeout', 'error', 'load', 'loadend']) {
              xhr.addEventListener(type, () => log.push(type))
            }
            xhr.addEventListener('loadend', () => {
              resolve(log)
            })
            xhr.addEventListener(
              'progress',
              () => {
                if (how === 'abort') xhr.abort()
                if (how === 'timeout') xhr.timeout = 1
                if (how !== 'open') return
                xhr.open('GET', '/empty')
                resolve(log)
              },
              { once: true },
            )
            xhr.send(body)
          }),
        await sent({ stream: true }),
        way,
      )

      expect([way, heard]).toEqual([way, way === 'open' ? [] : [way, 'loadend']])
      const request = world.fakes.requests.at(-1)
      await expect.poll(() => request?.reply.aborted, { timeout: 3000 }).toBe(true)
    }
    expect(world.fakes.requests).toHaveLength(3)
  })

  it('sends its valet key to its own server unchanged: nothing is swapped (C30)', async () => {
    world.apps.serve('/api/chat', { contentType: 'application/json', body: '{"own":true}' })
    const page = await world.emptyPage()
    const { headers, body } = await sent({})
    const text = await page.evaluate(
      (given, content) =>
        new Promise<string>((resolve) => {
          const xhr = new XMLHttpRequest()
          xhr.open('POST', '/api/chat')
          for (const [name, value] of Object.entries(given)) xhr.setRequestHeader(name, value)
          xhr.onloadend = () => {
            resolve(xhr.responseText)
          }
          xhr.send(content)
        }),
      headers,
      body,
    )

    expect(text).toBe('{"own":true}')
    const request = world.apps.requests.at(-1)
    expect(request?.headers['authorization']).toBe(headers['authorization'])
    expect(request?.body.toString()).toBe(body)
    expect(world.fakes.requests).toEqual([])
  })
})
