/** The page for people who build apps: what it registers at a real server is used by a real app server. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ValetKeyClient, appKeyDocument, createAppKey } from '../../sdk/src/server/index.ts'
import { freePort, startServerProcess } from '../../server/src/testing/index.ts'
import { focusedConsentWindow, pressToClose } from '../support/driving/consent-screen.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { openLinkPage, outcomeOf } from '../support/driving/link-page.ts'
import { fill, press, says, textAt, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const SECRET = 'code[aria-label="Secret"]'

describe('somebody who builds an app', () => {
  const world = useWorld('keys', { given: ['http://127.0.0.1/*'] })
  let folder: string
  let origin: string
  let stop = (): Promise<unknown> => Promise.resolve()
  let page: Page
  let clientId: string
  let clientSecret: string

  const appServer = (secret = clientSecret): ValetKeyClient =>
    new ValetKeyClient({ clientId, clientSecret: secret, baseUrl: origin, maxRetries: 0 })
  const newLinkToken = (secret?: string): Promise<string> =>
    appServer(secret)
      .createLinkSession({})
      .then(
        ({ linkToken }) => linkToken,
        (error: unknown) => (error as { code: string }).code,
      )

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-developer-'))
    const port = await freePort()
    origin = `http://127.0.0.1:${String(port)}`
    const database = { VALETKEY_DATABASE: join(folder, 'sync.sqlite') }
    const server = await startServerProcess(database, port)
    stop = () => server.kill('SIGTERM')
  })
  afterAll(async () => {
    await stop()
    await rm(folder, { recursive: true })
  })

  it('is told what it takes where the vault has no server, and then what to do first', async () => {
    page = await world.window('dashboard.html#developer')
    await says(page, 'Sync this vault with a server first.')
    await press(page, 'link', 'Set up a server')
    await says(page, 'Set up sync')
    await askFrom(page, 'sync.sign_up', { server: origin, passphrase: PASSPHRASE })
    page = await world.window('dashboard.html#developer')
    await says(page, 'You have registered no app yet.')
    expect(await findings(page)).toEqual([])
  })

  it('hears at each box what has to change, and nothing is registered', async () => {
    await press(page, 'link', 'Register an app')
    await fill(page, 'Name', 'No')
    await fill(page, 'Redirect addresses, for OAuth', 'javascript:alert(1)')
    await press(page, 'button', 'Register')
    await says(page, 'Give it a name of three to 255 letters.')
    await says(page, 'Type the address of its pages')
    await says(page, '“javascript:alert(1)” cannot be used')
    expect(await findings(page)).toEqual([])
    expect((await askFrom(page, 'own_app.list', {})).apps).toEqual([])
  })

  it('C104: gets a secret that is shown once, and works', async () => {
    await fill(page, 'Name', 'Notes')
    await fill(page, 'Site', APP)
    await fill(page, 'Redirect addresses, for OAuth', `${APP}/back`)
    await press(page, 'button', 'Register')
    clientSecret = await textAt(page, SECRET)
    await says(page, 'It is shown this once')
    clientId = /vk_cid_\w{22}/.exec(await page.evaluate(() => document.body.innerText))?.[0] ?? ''
    expect(clientSecret).toMatch(/^vk_cs_/)
    expect(await newLinkToken()).toMatch(/^vk_lt_/)
    expect(await findings(page)).toEqual([])

    await press(page, 'button', 'I have kept it')
    await gone(SECRET)
    await page.reload()
    await says(page, 'Shown once, when it was made.')
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('vk_cs_')
    expect(JSON.stringify(await askFrom(page, 'own_app.list', {}))).not.toContain('vk_cs_')
  })

  it('sees whether wallets find the keys of the site', async () => {
    await says(page, 'No key that can be used was found there.')
    const document = await appKeyDocument(APP, [createAppKey()])
    world.apps.serve('/.well-known/valetkey.json', {
      body: JSON.stringify(document),
      headers: { 'access-control-allow-origin': '*' },
    })
    await page.reload()
    await says(page, 'One key is named there now.')
    await says(page, document.keys[0]?.ed25519 ?? 'a key')
  })

  it('sees what people’s wallets did for it', async () => {
    await says(page, 'Nobody’s wallet made a call for it.')
    const asking = await openLinkPage(world, {
      ...{ token: await newLinkToken(), server: origin, site: APP },
    })
    const consent = await focusedConsentWindow(world.driver.browser, world.driver.extensionId)
    await press(consent, 'checkbox', `Let ${origin} read these calls`)
    await pressToClose(consent, 'Allow')
    const { accessToken } = await appServer().exchangePublicToken(await outcomeOf(asking))
    for (const content of ['one', 'two']) {
      await appServer().chatCompletion({
        ...{ accessToken, model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content }] },
      })
    }
    await page.bringToFront()
    await page.reload()
    await waitFor(page, 'row of all days', () =>
      page.$eval('tfoot tr', (row) => (row.textContent.startsWith('Together20') ? true : null)),
    )
    expect(await findings(page)).toEqual([])
  })

  it('changes it, and makes a new secret: the one before is dead', async () => {
    await press(page, 'button', 'Change')
    await fill(page, 'Name', 'Notes, renamed')
    await press(page, 'button', 'Save the change')
    await says(page, 'Saved.')
    await waitFor(page, 'new name in the list', () => page.$('::-p-text(Notes, renamed)'))
    await press(page, 'button', 'Make a new secret')
    await press(page, 'button', 'Make a new one')
    const renewed = await textAt(page, SECRET)
    expect(await newLinkToken(clientSecret)).toBe('auth.failed')
    clientSecret = renewed
    expect(await newLinkToken()).toMatch(/^vk_lt_/)
    await press(page, 'button', 'I have kept it')
  })

  it('stops it, starts it again, and deletes it', async () => {
    await press(page, 'button', 'Stop this app')
    await press(page, 'button', 'Stop it')
    await says(page, 'It is stopped')
    expect(await newLinkToken()).toBe('auth.failed')
    await press(page, 'button', 'Start it again')
    await press(page, 'button', 'Stop this app')
    await press(page, 'button', 'Leave it on')
    expect(await newLinkToken()).toMatch(/^vk_lt_/)
    await press(page, 'button', 'Delete')
    await says(page, 'Delete “Notes, renamed”?')
    await press(page, 'button', 'Delete it')
    await says(page, 'You have registered no app yet.')
    expect(await newLinkToken()).toBe('auth.failed')
  })

  it('registers a program, which has no secret and needs no site', async () => {
    await press(page, 'link', 'Register an app')
    await press(page, 'button', 'A program')
    await fill(page, 'Name', 'A command')
    await fill(page, 'Redirect addresses, for OAuth', 'http://127.0.0.1/back')
    await press(page, 'button', 'Register')
    await says(page, 'A program has no secret.')
    expect((await askFrom(page, 'own_app.list', {})).apps).toMatchObject([
      { name: 'A command', kind: 'program', origin: null, redirectUris: ['http://127.0.0.1/back'] },
    ])
  })

  const gone = (selector: string): Promise<unknown> =>
    waitFor(page, `end of ${selector}`, async () => ((await page.$(selector)) ? null : true))
})
