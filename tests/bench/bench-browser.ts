/** The built extension in a browser that nothing else slows down: no spy, no debugger on what is timed. */
import { rm } from 'node:fs/promises'
import type { Page } from 'puppeteer'
import type { KeyId, ProviderId, Terms } from '@valetkey/wallet/protocol'
import { launch, type Driver } from '../support/driver.ts'
import { allowTerms } from '../support/driving/consent-screen.ts'
import { extensionWith } from '../support/extension-copy.ts'
import { createTestKey } from '../support/test-keys.ts'
import {
  APP,
  PROVIDER,
  SDK_APP,
  startBenchServer,
  type BenchServer,
  type PlainJob,
} from './bench-server.ts'
import type { JobReport } from './page/job.ts'
import { buildPortJson } from './port-json/build.ts'
import type { Pairs } from './row.ts'

export const PASSPHRASE = 'correct horse battery staple'
const PROVIDERS: readonly ProviderId[] = ['openai', 'groq']

export interface BenchBrowser {
  readonly driver: Driver
  /** One of our own windows, kept open: what is asked of the extension is asked from here. */
  readonly window: Page
  /** Measures in a page that has no debugger. */
  run(provider: ProviderId, job: Omit<PlainJob, 'valetKey'>): Promise<Pairs>
  /** The same in a page of the app that connects itself. */
  runOfApp(job: Omit<PlainJob, 'valetKey' | 'at'>, page: 'sdk' | 'frame'): Promise<Report>
  /** Stops the worker, as the browser does with one that is idle. */
  stopWorker(): Promise<void>
  close(): Promise<void>
}

type Report = Extract<JobReport, { ok: true }>

interface BenchBrowserOptions {
  /** True: the worker may be looked into, which keeps it alive. */
  readonly watchWorkers?: boolean
}

/** Starts servers and browser, makes a vault, and switches the bench's page on. */
export async function startBenchBrowser({
  watchWorkers = false,
}: BenchBrowserOptions = {}): Promise<BenchBrowser> {
  // The shape OpenAI's keys have fits no other provider by itself, but both are chosen by hand here.
  const providerKey = createTestKey('openai', 'bench')
  const server = await startBenchServer(providerKey)
  let watches = true
  const built = process.env['VALETKEY_EXTENSION'] ?? ''
  const extensionDir = await extensionWith(built, ['wss://api.openai.com/*'])
  const driver = await launch({
    extensionDir,
    hostMap: server.hostMap,
    headless: true,
    watchWorkers,
    lean: true,
    watches: () => watches,
  })
  await driver.createVault(PASSPHRASE)
  const keys: [ProviderId, KeyId][] = []
  for (const provider of PROVIDERS)
    keys.push([provider, await driver.addKey(provider, providerKey)])
  await driver.switchOnSite(APP, generousTerms(keys))
  const window = await driver.newPage(`chrome-extension://${driver.extensionId}/popup.html`)
  const tools = await window.createCDPSession()
  await tools.send('ServiceWorker.enable')
  const runUnwatched = async (job: PlainJob): Promise<Report> => {
    watches = false
    try {
      return await runInTab(server, window, job)
    } finally {
      watches = true
    }
  }
  const apps: Promise<ConnectedApp>[] = []
  return {
    driver,
    window,
    run: async (provider, job) =>
      runUnwatched({ ...job, valetKey: await driver.valetKey(APP, provider) }),
    async runOfApp(job, page) {
      const [connecting = connectApp(driver, generousTerms(keys))] = apps
      apps[0] = connecting
      const { frameUrl } = await connecting
      return runUnwatched({ ...job, frameUrl, valetKey: '', at: `${SDK_APP}/${page}` })
    },
    stopWorker: () => tools.send('ServiceWorker.stopAllWorkers'),
    async close() {
      await driver.close()
      await rm(extensionDir, { recursive: true })
      for (const connecting of apps) await rm((await connecting).folder, { recursive: true })
      await server.close()
    },
  }
}

interface ConnectedApp {
  /** A frame of the extension that ours is compared with. */
  readonly frameUrl: string
  /** Where that extension lies. */
  readonly folder: string
}

/** Connects the app of the SDK, and installs the extension it is compared with. */
async function connectApp(driver: Driver, terms: Terms): Promise<ConnectedApp> {
  const folder = await buildPortJson(SDK_APP, PROVIDER)
  const id = await driver.browser.installExtension(folder)
  const page = await driver.newPage(`${SDK_APP}/connect`)
  await page.waitForFunction('"outcome" in window')
  await allowTerms(driver.browser, driver.extensionId, terms)
  const outcome = await page.evaluate('window.outcome')
  if (outcome !== 'connected') throw new Error(`The app was not connected: ${String(outcome)}`)
  await page.close()
  return { frameUrl: `chrome-extension://${id}/frame.html`, folder }
}

/** Opens the page as a person would: by a tab that nobody watches. */
async function runInTab(server: BenchServer, window: Page, job: PlainJob): Promise<Report> {
  let tabId = -1
  try {
    return await server.run(job, async (url) => {
      tabId = await window.evaluate(async (address) => {
        const tab = await chrome.tabs.create({ url: address })
        return tab.id ?? -1
      }, url)
    })
  } finally {
    await window.evaluate((id) => chrome.tabs.remove(id), tabId)
  }
}

/** Terms that stop nothing: limits are not what is measured. */
function generousTerms(keys: readonly (readonly [ProviderId, KeyId])[]): Terms {
  return {
    schema: 1,
    providers: keys.map(([provider, keyId]) => ({
      provider,
      keys: { only: keyId },
      models: 'any',
      capabilities: ['chat', 'embedding', 'transcription', 'realtime'],
    })),
    budgets: [{ usd: '999999.00', window: 'month' }],
    limits: { perMinute: 100_000, parallel: 32, maxOutputTokens: 16_384 },
    expiresAt: Date.now() + 86_400_000,
    lane: 'proxy',
  }
}
