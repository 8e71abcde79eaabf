/* eslint-disable no-console -- a command line prints */
import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'puppeteer'
import type { LaunchedBrowser } from '../browser.ts'
import { consentWindow } from '../driving/consent-screen.ts'
import { preApprovePermission } from '../driving/permission.ts'
import { keepKit } from '../driving/kit.ts'
import { choose, fill, press, textAt, waitFor } from '../driving/screens.ts'
import type { TourSetup } from './tour-setup.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', '.cache', 'tour')
const PASSPHRASE = 'seven lamps over a quiet harbour'
const POPUP = { width: 360, height: 600 }
const CONSENT = { width: 440, height: 680 }
const TAB = { width: 900, height: 760 }

interface Tour {
  readonly browser: Browser
  readonly extensionId: string
  readonly setup: TourSetup
  /** Prints the step and keeps a picture of the screen, light and dark. */
  step(page: Page, name: string, text: string): Promise<void>
}

/** Takes the tour in a browser nobody sees. Screenshots go to `.cache/tour`. */
export async function takeTour(launched: LaunchedBrowser, setup: TourSetup): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(FOLDER, { recursive: true })
  const [extensionId = ''] = launched.extensionIds
  const { browser } = launched
  let number = 0
  const tour: Tour = {
    ...{ browser, extensionId, setup },
    async step(page, name, text) {
      number += 1
      console.log(`${String(number)}. ${text}`)
      for (const theme of ['dark', 'light'] as const) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
        // Colours change in a transition.
        await sleep(250)
        const file = `${String(number).padStart(2, '0')}-${name}-${theme}.png` as const
        await page.screenshot({ path: join(FOLDER, file) })
      }
    },
  }
  await createVaultAndKey(tour)
  const valetKey = await switchOn(tour)
  await useInApp(tour, valetKey)
  await connectApp(tour)
  await setUpSync(tour)
  console.log(`\nBoth apps got their answers and never had the key.`)
  console.log(`The screenshots lie in ${relative(process.cwd(), FOLDER)}.`)
}

async function createVaultAndKey(tour: Tour): Promise<void> {
  const page = await openWindow(tour, 'welcome.html', TAB)
  await fill(page, 'Passphrase', PASSPHRASE)
  await fill(page, 'Passphrase again', PASSPHRASE)
  await tour.step(page, 'create-vault', 'A passphrase is chosen; only its owner will know it.')
  await press(page, 'button', 'Create my vault')
  await textAt(page, '[data-testid="secret-key"]')
  await tour.step(page, 'recovery-kit', 'The vault is made; its recovery kit is shown once.')
  await keepKit(page)
  await fill(page, 'Key', tour.setup.key)
  await choose(page, 'Provider', 'openai')
  await tour.step(page, 'add-key', 'An OpenAI key goes into the vault.')
  await press(page, 'button', 'Save key')
  await waitFor(page, 'saved key', async () =>
    (await page.evaluate(() => document.body.innerText)).includes('accepts') ? true : null,
  )
  await tour.step(page, 'key-saved', 'The key was tested and works.')
  await page.close()
}

async function switchOn(tour: Tour): Promise<string> {
  const { browser, extensionId, setup } = tour
  await preApprovePermission(browser, extensionId, setup.origin)
  const site = `popup.html?site=${encodeURIComponent(setup.origin)}`
  const popup = await openWindow(tour, site, POPUP)
  await waitFor(popup, 'switch', () => popup.$('[role="switch"]'))
  await tour.step(popup, 'site-off', 'The popup on a site that may not use AI yet.')
  await press(popup, 'switch', 'Use ValetKey on this site')

  await allow(tour, 'consent', 'The consent window: who, what for, how much, until when.')

  await popup.bringToFront()
  const ticket = await waitFor(popup, 'valet key', () =>
    popup.$('[data-testid="valet-key-openai"]'),
  )
  const valetKey = await ticket.evaluate((element) => element.getAttribute('data-valet-key') ?? '')
  await tour.step(popup, 'site-on', 'The site is on; its valet key stands on a ticket.')
  await popup.close()
  return valetKey
}

async function useInApp(tour: Tour, valetKey: string): Promise<void> {
  const { browser, setup } = tour
  const app = await browser.newPage()
  await app.setViewport(TAB)
  await app.goto(setup.origin)
  await app.type('#key', valetKey)
  await app.click('#use-key')
  await tour.step(app, 'paste', 'The valet key is pasted into an app nobody changed.')
  await app.type('#prompt', 'Write two lines about a valet')
  await app.click('#send')
  await waitFor(app, 'answer', async () =>
    (await app.evaluate(() => document.body.innerText)).includes('in the trunk') ? true : null,
  )
  await tour.step(app, 'answer', 'The answer streams in from the provider.')
  const site = `popup.html?site=${encodeURIComponent(setup.origin)}`
  const popup = await openWindow(tour, site, POPUP)
  await waitFor(popup, 'valet key', () => popup.$('[data-testid="valet-key-openai"]'))
  await tour.step(popup, 'spend', 'The popup shows what the site spent of its limit.')
}

async function connectApp(tour: Tour): Promise<void> {
  const { browser, setup } = tour
  const app = await browser.newPage()
  await app.setViewport(TAB)
  await app.goto(setup.connecting.url)
  await waitFor(app, 'Connect AI', () => app.$('[data-valetkey="not-connected"]'))
  await tour.step(app, 'connect', 'An app made with the SDK: it has no box for a key, it asks.')
  await press(app, 'button', 'Connect AI')
  await allow(tour, 'connect-consent', 'It is asked about in its own words.')
  await app.bringToFront()
  await (await waitFor(app, 'message box', () => app.$('#text'))).type('Two lines about a valet')
  await press(app, 'button', 'Send')
  await waitFor(app, 'answer', async () =>
    (await app.evaluate(() => document.body.innerText)).includes('in the trunk') ? true : null,
  )
  await tour.step(app, 'connected', 'Its answer streams in, and it shows what it spent.')
}

async function setUpSync(tour: Tour): Promise<void> {
  await preApprovePermission(tour.browser, tour.extensionId, tour.setup.server)
  const page = await openWindow(tour, 'dashboard.html#devices', TAB)
  await press(page, 'button', 'Set up sync')
  await fill(page, 'Server address', tour.setup.server)
  await fill(page, 'Current passphrase', PASSPHRASE)
  await tour.step(page, 'sync', 'A server of one’s own is to hold the vault, as ciphertext.')
  await press(page, 'button', 'Set up sync')
  await keepKit(page)
  await waitFor(page, 'list of devices', async () =>
    (await page.evaluate(() => document.body.innerText)).includes('No other device') ? true : null,
  )
  await tour.step(page, 'synced', 'The vault is there; another device can be added.')
}

/** Shows the consent window, and says yes in it. */
async function allow(tour: Tour, name: string, text: string): Promise<void> {
  const consent = await consentWindow(tour.browser, tour.extensionId)
  await consent.setViewport(CONSENT)
  await waitFor(consent, 'Allow', () => consent.$('::-p-aria([name="Allow"][role="button"])'))
  const session = await consent.createCDPSession()
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
  await sleep(900)
  await tour.step(consent, name, text)
  await press(consent, 'button', 'Allow')
}

async function openWindow(
  { browser, extensionId }: Tour,
  path: string,
  viewport: { width: number; height: number },
): Promise<Page> {
  const page = await browser.newPage()
  await page.setViewport(viewport)
  await page.goto(`chrome-extension://${extensionId}/${path}`)
  return page
}
