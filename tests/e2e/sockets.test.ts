import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Terms } from '@valetkey/wallet/protocol'
import type {} from '../support/clients/main.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const REALTIME = 'wss://api.openai.com/v1/realtime?model=gpt-realtime'
const LIVE =
  'wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const SOON = { timeout: 5000 }

describe('a page that talks live', () => {
  const world = useWorld('keys', {
    given: ['wss://api.openai.com/*', 'wss://generativelanguage.googleapis.com/*'],
  })

  beforeAll(async () => {
    await world.driver.switchOnSite(APP, await liveTerms())
  })

  async function liveTerms(): Promise<Terms> {
    const popup = await world.window('popup.html')
    const { keys } = await askFrom(popup, 'key.list', {})
    await popup.close()
    return {
      schema: 1,
      providers: keys.map(({ id, provider }) => ({
        ...{
          provider,
          keys: { only: id },
          models: ['gpt-realtime', 'gemini-live-*', 'gpt-4o-mini'],
        },
        capabilities: ['chat', 'realtime'],
      })),
      budgets: [{ usd: '50.00', window: 'month' }],
      limits: { perMinute: 60, parallel: 4, maxOutputTokens: 4096 },
      expiresAt: Date.now() + 86_400_000,
      lane: 'proxy',
    }
  }

  /** Opens a socket in the page, allowed by the person; `log` there says what came of it. */
  async function open(page: Page, url: string, protocols: string[] = []): Promise<void> {
    const opening = page.evaluate(openSocket, url, protocols)
    await world.driver.answerConsent('allow')
    await opening
  }

  const log = (page: Page) => page.evaluate(() => window.socketLog)
  const session = () => world.fakes.sockets.at(-1)
  const rules = async (): Promise<number> => {
    const popup = await world.window('popup.html')
    const left = await popup.evaluate(
      async () => (await chrome.declarativeNetRequest.getSessionRules()).length,
    )
    await popup.close()
    return left
  }

  it('is served by OpenAI’s own client, unmodified: text, sound, usage, and no rule left behind', async () => {
    const page = await world.driver.newPage(`${APP}/clients`)
    const valetKey = await world.driver.valetKey(APP, 'openai')
    await page.waitForFunction(() => document.title === 'Clients ready')
    const talking = page.evaluate((key) => window.talkLive(key), valetKey)
    await world.driver.answerConsent('allow')

    expect(await talking).toMatchObject({
      ...{ text: 'The valet parks the car.', soundBytes: 4800, protocol: 'realtime', error: null },
    })
    expect(session()).toMatchObject({
      ...{ host: 'api.openai.com', path: '/v1/realtime?model=gpt-realtime' },
      ...{ key: world.keys.openai, valetKeys: [] },
    })
    expect(session()?.protocols).toEqual(['realtime'])
    expect(session()?.headers['origin']).toBeUndefined()
    await expect.poll(() => session()?.end, SOON).not.toBeNull()
    expect(await rules()).toBe(1)
    await expect
      .poll(async () => (await world.driver.usage())[0], SOON)
      .toMatchObject({
        ...{ model: 'gpt-realtime', capability: 'realtime', lane: 'proxy', ending: 'done' },
        tokens: { input: 80, cachedInput: 20, output: 50 },
        costSource: 'usage',
      })
  })

  it('gets Gemini’s binary frames as it asked for them, and its close code', async () => {
    const page = await world.emptyPage()
    const valetKey = await world.driver.valetKey(APP, 'google')
    await open(page, `${LIVE}?key=${valetKey}`)
    await page.evaluate(async () => {
      const { socket } = window
      const next = () =>
        new Promise<string>((resolve) => {
          const take = (event: MessageEvent<ArrayBuffer>): void => {
            resolve(new TextDecoder().decode(event.data))
          }
          socket.addEventListener('message', take, { once: true })
        })
      socket.binaryType = 'arraybuffer'
      const ready = next()
      socket.send(JSON.stringify({ setup: { model: 'models/gemini-live-2.5-flash-preview' } }))
      window.socketLog.push(await ready)
      const answer = next()
      socket.send(new Blob([JSON.stringify({ clientContent: { turnComplete: true, turns: [] } })]))
      window.socketLog.push(await answer)
    })
    session()?.socket?.close(4321, 'enough')

    await expect
      .poll(() => log(page), SOON)
      .toEqual([
        'open protocol= extensions=',
        JSON.stringify({ setupComplete: {} }),
        expect.stringContaining('The valet parks the car.'),
        'close 4321 enough true',
      ])
    expect(session()).toMatchObject({ key: world.keys.google, valetKeys: [] })
    expect(session()?.path).not.toContain('key=')
    expect(session()?.frames).toHaveLength(2)
  })

  it('closes with the page’s own code, hears of the lock, and of its own leaving the provider does', async () => {
    const page = await world.emptyPage()
    const name = `openai-insecure-api-key.${await world.driver.valetKey(APP, 'openai')}`
    await open(page, REALTIME, ['realtime', name])
    await page.evaluate(() => {
      window.socket.close(3999, 'bye')
    })
    await expect.poll(() => session()?.end, SOON).toEqual({ code: 3999, reason: 'bye' })
    await expect.poll(async () => (await log(page)).at(-1), SOON).toBe('close 3999 bye true')

    await open(page, REALTIME, ['realtime', name])
    const staying = session()
    await page.goto(`${APP}/empty?again`)
    await expect.poll(() => staying?.end, SOON).not.toBeNull()

    await open(page, REALTIME, ['realtime', name])
    await world.driver.lock()
    await expect
      .poll(async () => (await log(page)).at(-1), SOON)
      .toBe('close 4423 vault.locked true')
    expect(session()?.end).not.toBeNull()
    await world.driver.unlock(PASSPHRASE)
  })

  it('opens its own socket, as ever, where there is no valet key or it is another host’s', async () => {
    world.fakes.expectValetKeys(true)
    const page = await world.emptyPage()
    const outcome = await page.evaluate(async (url) => {
      const socket = new WebSocket(url, ['realtime', 'openai-insecure-api-key.none'])
      const closed = await new Promise<CloseEvent>((resolve) => {
        socket.addEventListener('close', resolve)
      })
      return { own: Object.getOwnPropertyNames(socket), code: closed.code }
    }, REALTIME)

    expect(outcome).toEqual({ own: [], code: 1006 })
    expect(session()).toMatchObject({ key: null })
  })
})

describe('a page that may not talk live', () => {
  const world = useWorld('site', { given: ['wss://api.openai.com/*'] })

  it('opens its own socket; the popup says what it wanted, and once allowed its open page has it', async () => {
    world.fakes.expectValetKeys(true)
    const page = await world.emptyPage()
    const valetKey = await world.driver.valetKey(APP, 'openai')
    const protocols = ['realtime', `openai-insecure-api-key.${valetKey}`]
    await page.evaluate(openSocket, REALTIME, protocols)
    expect(await page.evaluate(() => window.socketLog)).toContain('error')
    const popup = await world.window('popup.html')
    const site = () => askFrom(popup, 'site.get', { origin: APP })
    await expect
      .poll(async () => (await site()).lastRefusal, SOON)
      .toMatchObject({ code: 'grant.capability_denied', details: { capability: 'realtime' } })

    const { grant } = await site()
    if (!grant) throw new TypeError('The app has no grant.')
    const providers = grant.terms.providers.map((each) => ({
      ...{ ...each, models: 'any' as const, capabilities: ['chat' as const, 'realtime' as const] },
    }))
    await askFrom(popup, 'app.change_terms', {
      grantId: grant.id,
      terms: { ...grant.terms, providers, budgets: [{ usd: '50.00', window: 'month' }] },
    })
    await popup.close()
    const opening = page.evaluate(openSocket, REALTIME, protocols)
    await world.driver.answerConsent('allow')
    await opening
    expect(await page.evaluate(() => window.socketLog)).toEqual([
      'open protocol=realtime extensions=',
    ])
    expect(world.fakes.sockets.at(-1)).toMatchObject({ key: world.keys.openai, valetKeys: [] })
  })
})

declare global {
  interface Window {
    socket: WebSocket
    socketLog: string[]
  }
}

/** Runs in the page. */
function openSocket(url: string, protocols: string[]): Promise<void> {
  const lines: string[] = []
  const socket = new WebSocket(url, protocols)
  Object.assign(window, { socket, socketLog: lines })
  socket.addEventListener('close', ({ code, reason, wasClean }) => {
    lines.push(`close ${code} ${reason} ${wasClean}`)
  })
  socket.addEventListener('error', () => {
    lines.push('error')
  })
  return new Promise((resolve) => {
    socket.addEventListener('open', () => {
      lines.push(`open protocol=${socket.protocol} extensions=${socket.extensions}`)
      resolve()
    })
    socket.addEventListener('close', () => {
      resolve()
    })
  })
}
