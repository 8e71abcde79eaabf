/**
 * Drives the built extension in a real browser, by its own screens. Works from any script under
 * Node 24, also outside this repository, and with any web page.
 */
import { fileURLToPath } from 'node:url'
import type { KeyId, ProviderId, Terms, UsageRow } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import type { Browser, Page, Target } from 'puppeteer'
import { launchBrowser, withPage, type LaunchedBrowser } from './browser.ts'
import { allowTerms, answerConsentWindow, type ConsentAnswer } from './driving/consent-screen.ts'
import {
  askFrom,
  createExtensionMessages,
  type ExtensionMessages,
} from './driving/extension-messages.ts'
import { choosePassphrase, keepKit, type ShownKit } from './driving/kit.ts'
import { preApprovePermission } from './driving/permission.ts'
import { choose, fill, isSwitchedOn, press, waitFor } from './driving/screens.ts'
import { watchBrowser, type BrowserLog } from './sweep/browser-log.ts'
import { profileFiles } from './sweep/byte-places.ts'
import { sweepForKeys, type SweepSubject } from './sweep/canary-sweep.ts'
import { findKeys } from './sweep/judge.ts'
import type { Finding } from './sweep/marker.ts'

export type { Finding } from './sweep/marker.ts'

export interface LaunchOptions {
  /** The built, unpacked extension. */
  readonly extensionDir: string
  /** Host (or host:port) → ip:port. Certificates are not checked. */
  readonly hostMap: Readonly<Record<string, string>>
  readonly headless: boolean
  /** False: service workers have no debugger, and live and die as they would with a user. */
  readonly watchWorkers?: boolean
  /** False for a new target: no debugger attaches to it, nothing slows it down. */
  readonly watches?: (target: Target) => boolean
  /** Starts on this profile and leaves it; absent: on a fresh one, which is removed at the end. */
  readonly profileDir?: string
  /** No spy beside the extension and no log of the browser, for measurements: no sweep either. */
  readonly lean?: boolean
}

export interface Driver {
  readonly browser: Browser
  readonly extensionId: string
  /** Opens a web page and waits until it has loaded. */
  newPage(url: string): Promise<Page>
  /** First run, by its screens, with the quiz passed. Leaves the vault unlocked. */
  createVault(passphrase: string): Promise<ShownKit>
  /** @throws Error with the sentence the screen shows when it is refused */
  unlock(passphrase: string): Promise<void>
  lock(): Promise<void>
  /** Saves a provider key by the popup. @returns its id */
  addKey(provider: ProviderId, key: string): Promise<KeyId>
  /** The same by the popup's own message, without pressing through its form for each. */
  addKeys(keys: readonly (readonly [ProviderId, string])[]): Promise<void>
  /** Switches ValetKey on for a site: the browser's permission and the consent window, both answered. */
  switchOnSite(origin: string, terms?: Terms): Promise<void>
  /** The valet key a site was given for a provider, in the shape shown first. */
  valetKey(origin: string, provider: ProviderId): Promise<string>
  /** Answers the consent window that is open, or the next one. */
  answerConsent(answer: ConsentAnswer): Promise<void>
  /** The newest 1,000 usage rows. */
  usage(): Promise<readonly UsageRow[]>
  /** Looks for the keys everywhere outside the vault. Empty is clean. @throws if a place is not searchable */
  canarySweep(keys: readonly string[], how?: SweepDepth): Promise<readonly Finding[]>
  /** Ends the browser. @throws Error if a key that was added or swept for lies in the profile it leaves */
  close(): Promise<void>
}

type SweepDepth = Pick<SweepSubject, 'isQuick'>

export const SPY_DIR = fileURLToPath(new URL('./spy-extension', import.meta.url))
const WITH_INSTALLATION: readonly ProviderId[] = ['openai', 'anthropic', 'google', 'groq']
const USE_ON_SITE = 'Use ValetKey on this site'
const NO_LOG: BrowserLog = { console: [], replies: [], watch: () => undefined }

/** Starts a browser with the extension, and a spy extension beside it unless it is to be lean. */
export async function launch(options: LaunchOptions): Promise<Driver> {
  const { extensionDir, lean = false, ...rest } = options
  const extensionDirs = lean ? [extensionDir] : [extensionDir, SPY_DIR]
  const launched = await launchBrowser({ ...rest, extensionDirs })
  const [extensionId = '', spyId = ''] = launched.extensionIds
  const { browser } = launched
  const parts: Parts = {
    launched,
    extensionId,
    spyId,
    log: lean ? NO_LOG : watchBrowser(browser, { workers: options.watchWorkers !== false }),
    messages: createExtensionMessages(browser, extensionId),
    keys: new Set(),
  }
  return {
    browser,
    extensionId,
    newPage: (url) => newPage(parts, url),
    createVault: (passphrase) => createVault(parts, passphrase),
    unlock: (passphrase) => unlock(parts, passphrase),
    lock: () => lock(parts),
    addKey: (provider, key) => addKey(parts, provider, key),
    addKeys: (added) => addKeys(parts, added),
    switchOnSite: (origin, terms) => switchOnSite(parts, origin, terms),
    valetKey: (origin, provider) => valetKey(parts, origin, provider),
    answerConsent: (answer) => answerConsentWindow(browser, extensionId, answer),
    usage: async () => (await parts.messages.ask('usage.list', { limit: 1_000 })).rows,
    canarySweep: (keys, how) => canarySweep(parts, keys, how),
    close: () => close(parts),
  }
}

interface Parts {
  readonly launched: LaunchedBrowser
  readonly extensionId: string
  readonly spyId: string
  readonly log: BrowserLog
  readonly messages: ExtensionMessages
  /** Every provider key this browser was given. */
  readonly keys: Set<string>
}

async function newPage({ launched, log }: Parts, url: string): Promise<Page> {
  const page = await launched.browser.newPage()
  log.watch(page)
  await page.goto(url)
  return page
}

function inWindow<T>(parts: Parts, path: string, use: (page: Page) => Promise<T>): Promise<T> {
  const url = `chrome-extension://${parts.extensionId}/${path}`
  return withPage(parts.launched.browser, url, use)
}

function createVault(parts: Parts, passphrase: string): Promise<ShownKit> {
  return inWindow(parts, 'welcome.html', async (page) => {
    await choosePassphrase(page, passphrase, { label: 'Passphrase', submit: 'Create my vault' })
    const kit = await keepKit(page)
    await waitFor(page, 'kit that is kept', async () => {
      const { kitKept } = await askFrom(page, 'status.get', {})
      return kitKept ? true : null
    })
    return kit
  })
}

function unlock(parts: Parts, passphrase: string): Promise<void> {
  return inWindow(parts, 'popup.html', async (page) => {
    await fill(page, 'Passphrase', passphrase)
    await press(page, 'button', 'Unlock')
    const refusal = await waitFor(page, 'vault that is unlocked', async () => {
      const { vault } = await askFrom(page, 'status.get', {})
      if (vault === 'unlocked') return ''
      return page.$eval('[role="alert"]', (notice) => notice.textContent)
    })
    if (refusal !== '') throw new Error(`The vault was not unlocked: ${refusal}`)
  })
}

function lock(parts: Parts): Promise<void> {
  return inWindow(parts, 'popup.html', async (page) => {
    await press(page, 'button', 'Lock')
    await waitFor(page, 'vault that is locked', async () => {
      const { vault } = await askFrom(page, 'status.get', {})
      return vault === 'locked' ? true : null
    })
  })
}

async function addKey(parts: Parts, provider: ProviderId, key: string): Promise<KeyId> {
  parts.keys.add(key)
  await allowHosts(parts, provider)
  const name = `${provider} ${parts.keys.size}`
  return inWindow(parts, 'popup.html', async (page) => {
    await press(page, 'button', 'Add a key')
    await fill(page, 'Key', key)
    await choose(page, 'Provider', provider)
    await fill(page, 'Name', name)
    await press(page, 'button', 'Save key')
    return waitFor(page, `saved key “${name}”`, async () => {
      const { keys } = await askFrom(page, 'key.list', {})
      const saved = keys.find(({ label }) => label === name)
      // Its test is a request of its own: until it is over, the providers' records may still grow.
      return saved?.lastTest ? saved.id : null
    })
  })
}

async function addKeys(
  parts: Parts,
  keys: readonly (readonly [ProviderId, string])[],
): Promise<void> {
  // Only within a click does the browser give the hosts that do not come with the installation.
  const [asked, plain] = [keys.filter(needsHosts), keys.filter((one) => !needsHosts(one))]
  await inWindow(parts, 'popup.html', async (page) => {
    for (const [provider, secret] of plain) {
      parts.keys.add(secret)
      const label = `${provider} ${parts.keys.size}`
      await askFrom(page, 'key.add', { provider, secret, label })
    }
  })
  for (const [provider, secret] of asked) await addKey(parts, provider, secret)
}

function needsHosts([provider]: readonly [ProviderId, string]): boolean {
  return !WITH_INSTALLATION.includes(provider)
}

/** The dialog about a provider's hosts is the browser's: nothing here can press it. */
async function allowHosts({ launched, extensionId }: Parts, provider: ProviderId): Promise<void> {
  if (WITH_INSTALLATION.includes(provider)) return
  const { hosts, keyCheck } = providerById(provider)
  for (const host of [...hosts, ...(keyCheck.host ? [keyCheck.host] : [])]) {
    await preApprovePermission(launched.browser, extensionId, `https://${host}`)
  }
}

async function switchOnSite(parts: Parts, origin: string, terms?: Terms): Promise<void> {
  const { launched, extensionId } = parts
  await preApprovePermission(launched.browser, extensionId, origin)
  await inWindow(parts, `popup.html?site=${encodeURIComponent(origin)}`, async (page) => {
    if (await isSwitchedOn(page, USE_ON_SITE)) return
    await press(page, 'switch', USE_ON_SITE)
    if (terms) await allowTerms(launched.browser, extensionId, terms)
    else await answerConsentWindow(launched.browser, extensionId, 'allow')
    await waitFor(page, `site ${origin} that is on`, async () => {
      const { state } = await askFrom(page, 'site.get', { origin })
      return state === 'on' ? true : null
    })
  })
}

async function valetKey(parts: Parts, origin: string, provider: ProviderId): Promise<string> {
  const { grant } = await parts.messages.ask('site.get', { origin })
  const entry = grant?.valetKeys.find((candidate) => candidate.provider === provider)
  if (!entry) throw new Error(`${origin} has no valet key for ${provider}.`)
  return entry.key
}

function canarySweep(
  parts: Parts,
  keys: readonly string[],
  { isQuick = false }: SweepDepth = {},
): Promise<readonly Finding[]> {
  for (const key of keys) parts.keys.add(key)
  const { launched, log, extensionId, spyId } = parts
  const { browser, profileDir } = launched
  if (log === NO_LOG) throw new Error('A lean browser keeps no log: it cannot be swept.')
  return sweepForKeys({ browser, profileDir, log, extensionId, spyId, isQuick }, keys)
}

async function close({ launched, keys }: Parts): Promise<void> {
  // Some files are written only when the browser ends.
  await launched.close(async () => {
    const findings = findKeys(await profileFiles(launched.profileDir), [...keys])
    if (findings.length === 0) return
    const places = findings.map(({ place }) => place).join(', ')
    throw new Error(`A provider key lies on disk after the browser ended: ${places}.`)
  })
}
