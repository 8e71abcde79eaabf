import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import puppeteer, { TargetType, type Browser, type Page, type Target } from 'puppeteer'
import { ensureChromium } from '../../scripts/find-chromium.mjs'

export interface BrowserOptions {
  /** Unpacked extensions, loaded in this order. */
  readonly extensionDirs: readonly string[]
  /** Host, or host:port, → ip:port. */
  readonly hostMap: Readonly<Record<string, string>>
  readonly headless: boolean
  /** False: no debugger on service workers, which would keep them alive. */
  readonly watchWorkers?: boolean
  /** False for a new target: no debugger attaches to it. */
  readonly watches?: (target: Target) => boolean
  /** Starts on this profile and leaves it; absent: on a fresh one, which is removed at the end. */
  readonly profileDir?: string
}

export interface LaunchedBrowser {
  readonly browser: Browser
  readonly profileDir: string
  /** In the order of `extensionDirs`. */
  readonly extensionIds: readonly string[]
  /** Ends the browser; `beforeRemoval` sees the profile as it was left on disk. */
  close(beforeRemoval?: () => Promise<void>): Promise<void>
}

const CLOSE_TIMEOUT_MS = 8_000
const READY_TIMEOUT_MS = 15_000

/** Starts Chromium with the extensions loaded and their workers up. */
export async function launchBrowser(options: BrowserOptions): Promise<LaunchedBrowser> {
  const profileDir = options.profileDir ?? (await mkdtemp(join(tmpdir(), 'valetkey-profile-')))
  const rules = Object.entries(options.hostMap).map(([host, place]) => `MAP ${host} ${place}`)
  const browser = await puppeteer.launch({
    executablePath: await ensureChromium(),
    headless: options.headless,
    pipe: true,
    enableExtensions: true,
    userDataDir: profileDir,
    acceptInsecureCerts: true,
    defaultViewport: null,
    protocolTimeout: 240_000,
    targetFilter: (target) =>
      (options.watchWorkers !== false || target.type() !== TargetType.SERVICE_WORKER) &&
      (options.watches?.(target) ?? true),
    args: [
      '--ignore-certificate-errors',
      '--no-first-run',
      '--disable-component-update',
      // Longer strings would be cut in heap snapshots, and a key in their tail missed.
      '--js-flags=--heap-snapshot-string-limit=100000000',
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(',')}`] : []),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  })
  const close = async (beforeRemoval?: () => Promise<void>) => {
    try {
      await endBrowser(browser)
      await beforeRemoval?.()
    } finally {
      if (options.profileDir === undefined) await removeProfile(profileDir)
    }
  }
  try {
    const extensionIds: string[] = []
    for (const dir of options.extensionDirs) {
      const id = await browser.installExtension(dir)
      if (options.watchWorkers !== false) await waitForWorker(browser, id)
      extensionIds.push(id)
    }
    return { browser, profileDir, extensionIds, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opens a page, runs something in it, closes it. */
export async function withPage<T>(
  browser: Browser,
  url: string,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    return await use(page)
  } finally {
    await page.close().catch(() => undefined)
  }
}

async function waitForWorker(browser: Browser, id: string): Promise<void> {
  const target = await browser.waitForTarget(
    (candidate) =>
      candidate.type() === TargetType.SERVICE_WORKER &&
      candidate.url().startsWith(`chrome-extension://${id}/`),
    { timeout: READY_TIMEOUT_MS },
  )
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (Date.now() < deadline) {
    const worker = await target.worker()
    const ready = await worker
      ?.evaluate(() => typeof chrome.runtime.id === 'string')
      .catch(() => false)
    if (ready) return
    await sleep(50)
  }
  throw new Error(`The worker of extension ${id} did not start.`)
}

async function endBrowser(browser: Browser): Promise<void> {
  const browserProcess = browser.process()
  const closed = browser.close().catch(() => undefined)
  await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })])
  // A browser that hangs while closing is ended by its own id, nobody else's.
  if (browserProcess?.exitCode === null) browserProcess.kill('SIGKILL')
}

/** A browser that just ended may still be writing. */
export function removeProfile(profileDir: string): Promise<void> {
  return rm(profileDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
