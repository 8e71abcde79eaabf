/** The pictures of the store's listing: real screens of the built extension, light and dark, and the tile. */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GrantId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { startAppServer } from './app-server.ts'
import { launch, type Driver } from './driver.ts'
import { consentWindow } from './driving/consent-screen.ts'
import { askFrom } from './driving/extension-messages.ts'
import { press, says, waitFor } from './driving/screens.ts'
import { seedUsage } from './driving/seed-usage.ts'
import { startFakeProviders } from './fake-providers.ts'
import { TEMPLATE_PATH, serveTemplate } from './template-app.ts'
import { createTestKey } from './test-keys.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'store')
const SCREEN = { width: 1280, height: 800 }
const CONSENT = { width: 440, height: 680 }
const THEMES = ['dark', 'light'] as const
const TILE = { width: 440, height: 280 }
const SITES = ['https://quill.example.test', 'https://notes.example.test']
const APP = 'https://margin.example.test'
const PROVIDERS = ['openai', 'anthropic', 'google'] as const
const MODELS = {
  openai: ['gpt-5-mini', 'gpt-4.1'],
  anthropic: ['claude-sonnet-4-5'],
  google: ['gemini-2.5-flash'],
} as const
const LABELS = { openai: 'personal', anthropic: 'work', google: 'hackathon' } as const

const keys = Object.fromEntries(PROVIDERS.map((one) => [one, createTestKey(one, 'store')]))
const fakes = await startFakeProviders({
  keys: Object.fromEntries(PROVIDERS.map((one) => [one, [keys[one] ?? '']])),
})
const apps = await startAppServer([...SITES, APP].map((origin) => new URL(origin).host))
await serveTemplate(apps)
const driver = await launch({
  extensionDir: process.env['VALETKEY_EXTENSION'] ?? '',
  hostMap: { ...fakes.hostMap, ...apps.hostMap },
  headless: true,
  lean: true,
})
try {
  await mkdir(FOLDER, { recursive: true })
  await prepare(driver)
  await takeConsentAndApp(driver)
  for (const section of ['usage', 'apps', 'keys']) {
    const page = await driver.newPage(`${extension()}dashboard.html#${section}`)
    await picture(page, section)
    await page.close()
  }
  await takeTile(driver)
} finally {
  await driver.close()
  await apps.close()
  await fakes.close()
}

function extension(): string {
  return `chrome-extension://${driver.extensionId}/`
}

async function prepare({ createVault, addKey, switchOnSite, newPage }: Driver): Promise<void> {
  await createVault('seven lamps over a quiet harbour')
  const saved = []
  for (const provider of PROVIDERS) {
    const keyId = await addKey(provider, keys[provider] ?? '')
    saved.push({ keyId, provider, models: MODELS[provider] })
  }
  for (const site of SITES) await switchOnSite(site)
  const page = await newPage(`${extension()}dashboard.html`)
  for (const { keyId, provider } of saved) {
    const label = LABELS[provider]
    await askFrom(page, 'key.update', { keyId, label, notes: '', expiresAt: null })
  }
  const { apps: listed } = await askFrom(page, 'app.list', {})
  const grantIds: GrantId[] = listed.map(({ grantId }) => grantId)
  await seedUsage(page, { count: 900, days: 28, grantIds, keys: saved })
  await page.close()
}

/** The window in which a site asks, before the site; then the site makes a call. */
async function takeConsentAndApp({ browser, extensionId, newPage }: Driver): Promise<void> {
  const app = await newPage(`${APP}${TEMPLATE_PATH}`)
  await press(app, 'button', 'Connect AI')
  const consent = await consentWindow(browser, extensionId)
  await waitFor(consent, 'Allow', () => consent.$('::-p-aria([name="Allow"][role="button"])'))
  const session = await consent.createCDPSession()
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
  await sleep(900)
  await takeConsent(app, consent)
  await press(consent, 'button', 'Allow').catch(() => undefined)
  await (await waitFor(app, 'message box', () => app.$('#text'))).type('Two lines about a valet')
  await press(app, 'button', 'Send')
  await says(app, 'in the trunk')
  await app.close()
}

/** Both windows are pictured as they are, and laid over each other. */
async function takeConsent(app: Page, consent: Page): Promise<void> {
  await app.setViewport(SCREEN)
  await consent.setViewport(CONSENT)
  for (const theme of THEMES) {
    const [behind, before] = await Promise.all(
      [app, consent].map(async (page) => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
        await sleep(1200)
        return await page.screenshot({ encoding: 'base64' })
      }),
    )
    const both = await driver.browser.newPage()
    await both.setViewport(SCREEN)
    await both.setContent(`<style>
      body { margin: 0; height: 800px; background: url(data:image/png;base64,${behind ?? ''}) }
      img { position: absolute; left: 780px; top: 60px; border-radius: 12px;
        box-shadow: 0 0 0 1px #8886, 0 24px 64px #0008 }
    </style><img alt="" src="data:image/png;base64,${before ?? ''}">`)
    await both.screenshot({ path: join(FOLDER, `consent-${theme}.png`) })
    await both.close()
  }
}

async function picture(page: Page, name: string): Promise<void> {
  await page.setViewport(SCREEN)
  for (const theme of THEMES) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
    // Colours change in a transition, and a chart loads.
    await sleep(1200)
    await page.screenshot({ path: join(FOLDER, `${name}-${theme}.png`) })
  }
}

async function takeTile({ browser }: Driver): Promise<void> {
  const icon = await readFile(join(process.env['VALETKEY_EXTENSION'] ?? '', 'icon', '128.png'))
  const page = await browser.newPage()
  await page.setViewport(TILE)
  await page.setContent(`<style>
    body { margin: 0; height: 100vh; display: grid; place-content: center; justify-items: center;
      gap: 12px; background: #f5f6f1; color: #15181e; font: 600 19px/26px system-ui, sans-serif; text-align: center }
    b { font-size: 34px; line-height: 40px; letter-spacing: -0.02em }
  </style><img width="88" height="88" alt="" src="data:image/png;base64,${icon.toString('base64')}">
  <b>ValetKey</b>Give web apps a valet key,<br>never your API key.`)
  await page.screenshot({ path: join(FOLDER, 'tile.png') })
}
