/** An OAuth client nobody here wrote, the real sync server, and a person with the extension in a real browser. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import OpenAI from 'openai'
import * as oauth from 'openid-client'
import {
  TestDevice,
  freePort,
  startServerProcess,
  type Send,
} from '../../server/src/testing/index.ts'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { focusedConsentWindow, pressToClose } from '../support/driving/consent-screen.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { fill, press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { useWorker } from './worker-controls.ts'
import { APP, OTHER, PASSPHRASE, useWorld } from './world.ts'

declare global {
  var opened: Window | null
}

const REDIRECT = `${APP}/callback`
const messages = [{ role: 'user' as const, content: 'Hi' }]

interface MadeClient {
  readonly clientId: string
  readonly clientSecret: string
}

describe('an app that signs a person in by OAuth', () => {
  const world = useWorld('keys', { watchWorkers: false })
  const worker = useWorker(world)
  let folder: string
  let port: number
  let server: Awaited<ReturnType<typeof startServerProcess>>
  let config: oauth.Configuration

  const origin = (): string => `http://127.0.0.1:${String(port)}`
  const send: Send = async ({ method, url, headers, body }) => {
    const init = { method, headers, ...(body !== undefined && { body }) }
    const reply = await fetch(origin() + url, init)
    return { status: reply.status, body: (await reply.json()) as never }
  }
  const shell = (): Promise<Page> =>
    world.driver.newPage(`chrome-extension://${world.driver.extensionId}/popup.html`)
  const consent = (): Promise<Page> =>
    focusedConsentWindow(world.driver.browser, world.driver.extensionId)

  /** Where the app sends the person's browser, and what it checks the answer by. */
  async function newRequest() {
    const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
    const expectedState = oauth.randomState()
    const address = oauth.buildAuthorizationUrl(config, {
      ...{ redirect_uri: REDIRECT, scope: 'api:access', state: expectedState },
      code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      authorization_details: JSON.stringify([
        {
          ...{ type: 'ai_inference', actions: ['chat'], providers: ['openai'] },
          budget: { usd: '5.00', window: 'month' },
        },
      ]),
    })
    return { address: address.href, checks: { pkceCodeVerifier, expectedState } }
  }
  async function authorize() {
    const { address, checks } = await newRequest()
    return { page: await world.driver.newPage(address), checks }
  }
  const landed = (page: Page): Promise<URL> =>
    waitFor(page, 'way back to the app', () =>
      Promise.resolve(page.url().startsWith(REDIRECT) ? new URL(page.url()) : null),
    )
  /** How many rows the server has in a table. */
  const stored = (table: 'accounts' | 'rows'): number => {
    const database = new DatabaseSync(join(folder, 'sync.sqlite'), { readOnly: true })
    try {
      return Number(database.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()?.['count'])
    } finally {
      database.close()
    }
  }
  const chat = async (apiKey: string): Promise<string | null | undefined> => {
    const client = new OpenAI({ apiKey, baseURL: `${origin()}/v1/proxy`, maxRetries: 0 })
    const answer = await client.chat.completions.create({ model: 'openai/gpt-4o-mini', messages })
    return answer.choices[0]?.message.content
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-oauth-'))
    port = await freePort()
    server = await startServerProcess({ VALETKEY_DATABASE: join(folder, 'sync.sqlite') }, port)
    const owner = new TestDevice({ send, origin: origin() })
    await owner.register()
    const asked = { clientName: 'Notes', redirectUris: [REDIRECT] }
    const made = await owner.ask<MadeClient>('POST', '/api/v1/oauth2/clients', asked)
    const { clientId, clientSecret } = made.body.data
    config = await oauth.discovery(new URL(origin()), clientId, clientSecret, undefined, {
      algorithm: 'oauth2',
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so for being what it is: plain http on this machine
      execute: [oauth.allowInsecureRequests],
    })
    world.apps.serve('/callback', { body: '<!doctype html><title>Back</title>' })
  }, 60_000)
  afterAll(async () => {
    await server.kill('SIGTERM')
    await rm(folder, { recursive: true })
  })

  it('calls through a server the vault is not synced with, by an account that holds nothing of it', async () => {
    const { page, checks } = await authorize()
    const window = await consent()
    await says(window, 'with nothing of your vault in it')
    expect(await findings(window)).toEqual([])
    await press(window, 'checkbox', `Let ${origin()} read these calls`)
    await pressToClose(window, 'Allow')
    const tokens = await oauth.authorizationCodeGrant(config, await landed(page), checks)
    world.fakes.behave({ text: 'hello through another server' })
    await expect
      .poll(() => chat(tokens.access_token).catch(String), { timeout: 10_000 })
      .toBe('hello through another server')
    expect(stored('accounts')).toBe(2)
    expect(stored('rows')).toBe(0)

    const codeOf = () =>
      chat(tokens.access_token).catch((error: unknown) =>
        error instanceof OpenAI.APIError ? error.code : String(error),
      )
    await world.driver.lock()
    await expect.poll(codeOf).toBe('relay.wallet_locked')
    await world.driver.unlock(PASSPHRASE)
    await expect.poll(codeOf, { timeout: 15_000 }).toBe('hello through another server')
    await worker.kill()
    await askFrom(await shell(), 'status.get', {})
    await expect.poll(codeOf, { timeout: 15_000 }).toBe('hello through another server')
    const window2 = await shell()
    const [linked] = (await askFrom(window2, 'linked.list', {})).apps
    if (linked) await askFrom(window2, 'linked.revoke', { grantId: linked.grantId })
    await expect.poll(() => stored('accounts')).toBe(1)
    const typing = await world.driver.newPage(`${origin()}/oauth2/device`)
    expect(await findings(typing)).toEqual([])
    await askFrom(window2, 'sync.sign_up', { server: origin(), passphrase: PASSPHRASE })
  }, 60_000)

  it('gets a token that the OpenAI client uses as its key, and asks nobody when it comes back', async () => {
    const { page, checks } = await authorize()
    const window = await consent()
    await says(window, 'registered as “Notes”')
    await says(window, 'app.example.test')
    await press(window, 'checkbox', `Let ${origin()} read these calls`)
    await pressToClose(window, 'Allow')
    const back = await landed(page)
    expect(back.searchParams.get('wallet_fpr')).toMatch(/^[\w-]{43}$/)
    const tokens = await oauth.authorizationCodeGrant(config, back, checks)
    expect(tokens.authorization_details).toMatchObject([
      { type: 'ai_inference', providers: ['openai'], sealed: 'plain' },
    ])
    world.fakes.behave({ text: 'hello from their own key' })
    await expect
      .poll(() => chat(tokens.access_token).catch(String), { timeout: 10_000 })
      .toBe('hello from their own key')

    const again = await authorize()
    const once = await landed(again.page)
    const others = await oauth.authorizationCodeGrant(config, once, again.checks)
    expect(others['connection_id']).toBe(tokens['connection_id'])
    const { apps } = await askFrom(await shell(), 'linked.list', {})
    expect(apps).toMatchObject([{ name: 'Notes', origin: APP, server: origin() }])
  })

  it('is told of a no, and the tab goes back with it', async () => {
    const window = await shell()
    const [linked] = (await askFrom(window, 'linked.list', {})).apps
    if (linked) await askFrom(window, 'linked.revoke', { grantId: linked.grantId })
    const { page, checks } = await authorize()
    await pressToClose(await consent(), 'Don’t allow')
    const back = await landed(page)
    await expect(oauth.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({
      error: 'access_denied',
    })
  })

  it('C103: is asked for on no page that another one frames, or holds a handle of', async () => {
    const evil = await world.emptyPage(OTHER)
    const { address } = await newRequest()
    await evil.evaluate(async (url) => {
      const frame = document.createElement('iframe')
      frame.src = url
      await new Promise((resolve) => {
        frame.onload = resolve
        document.body.append(frame)
      })
    }, address)
    const framed = evil.frames().map((frame) => frame.url())
    expect(framed).toHaveLength(2)
    expect(framed.filter((url) => url.startsWith(origin()))).toEqual([])

    await evil.evaluate((url) => {
      globalThis.opened = window.open(url)
    }, address)
    const page = await waitFor(evil, 'page of the server', async () => {
      const pages = await world.driver.browser.pages()
      return pages.find((each) => each.url().startsWith(`${origin()}/`)) ?? null
    })
    await pressToClose(await consent(), 'Don’t allow')
    await landed(page)
    expect(await page.evaluate(() => window.opener === null)).toBe(true)
    // Of a page that it could still reach it would see where it goes, and send it elsewhere.
    expect(await evil.evaluate(() => globalThis.opened?.closed)).toBe(true)
  })

  it('C102: lets a program in by the code it shows, once the person typed it and agreed', async () => {
    const begun = await oauth.initiateDeviceAuthorization(config, { scope: 'api:access' })
    const page = await world.window('dashboard.html#apps')
    await press(page, 'button', 'Enter a code')
    await fill(page, 'Code', 'BCDF-GHJK')
    await press(page, 'button', 'Go on')
    await says(page, 'No program waits with this code.')
    await fill(page, 'Code', begun.user_code.toLowerCase())
    await press(page, 'button', 'Go on')
    const window = await consent()
    await says(window, 'Let this program use your AI?')
    await says(window, '“Notes”')
    await says(window, 'from the address 127.0.0.1')
    await says(window, 'Anybody can give a program this name.')
    expect(await findings(window)).toEqual([])
    await press(window, 'checkbox', `Let ${origin()} read these calls`)
    await pressToClose(window, 'Allow')
    await page.bringToFront()
    await says(page, 'It may use your AI.')
    expect(await findings(page)).toEqual([])

    const tokens = await oauth.pollDeviceAuthorizationGrant(config, begun)
    world.fakes.behave({ text: 'hello, program' })
    expect(await chat(tokens.access_token)).toBe('hello, program')
    await says(page, `a program, through ${origin()}`)
  }, 60_000)

  it('tells a program that the person said no', async () => {
    const begun = await oauth.initiateDeviceAuthorization(config, { scope: 'api:access' })
    const page = await world.window('dashboard.html#apps')
    await press(page, 'button', 'Enter a code')
    await fill(page, 'Code', begun.user_code)
    await press(page, 'button', 'Go on')
    await pressToClose(await consent(), 'Don’t allow')
    await page.bringToFront()
    await says(page, 'Nothing was allowed.')
    await expect(oauth.pollDeviceAuthorizationGrant(config, begun)).rejects.toMatchObject({
      error: 'access_denied',
    })
  }, 60_000)
})
