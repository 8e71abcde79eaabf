/** `usage/…`: what a million calls in the ledger cost, beside a thousand: each in a browser of its own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createId, type GrantId, type KeyId } from '@valetkey/wallet/protocol'
import { createSeededRandom } from '@valetkey/wallet/testing'
import { withPage } from '../support/browser.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { seedUsage } from '../support/driving/seed-usage.ts'
import { startBenchBrowser, type BenchBrowser } from './bench-browser.ts'
import { APP } from './bench-server.ts'
import { buildScript } from './build-script.ts'
import { rowOfPairs, type BenchRow, type GoalRule } from './row.ts'

const LARGE = 1_000_000
const SMALL = 1_000
const WARM_UPS = 3
/** A year: as many sums of days as rows of that age have. */
const DAYS = 365
/** Settled calls of one measurement: it is the slowest but one in twenty of them. */
const APPENDS = 60
const LEDGER = join(import.meta.dirname, '../../extension/adapters/dexie-ledger-store.ts')

interface UsageFigure {
  readonly name: string
  readonly rule: GoalRule
  readonly note?: string
  measure(browser: BenchBrowser): Promise<number>
}

/** The two browsers, with their ledgers filled. */
export interface UsageWorlds {
  readonly large: BenchBrowser
  readonly small: BenchBrowser
  close(): Promise<void>
}

export const USAGE_FIGURES: readonly UsageFigure[] = [
  {
    name: 'usage/dashboard-1m',
    rule: { kind: 'below', limit: 500 },
    note: 'from the navigation to the first paint with the chart',
    measure: paintTime,
  },
  { name: 'usage/popup-1m', rule: { kind: 'below', limit: 20 }, measure: popupTime },
  {
    name: 'usage/append-1m',
    rule: { kind: 'below', limit: 2, times: 1.2 },
    note: `p95 of ${APPENDS} entries on the disk; one write of one row to an empty store: usage/write`,
    measure: (browser) => writeTime(browser, 'append'),
  },
  {
    name: 'usage/settle-1m',
    rule: { kind: 'none' },
    note: `p95 of ${APPENDS} settlements on the disk: entry, sums, budgets, and the hold that ends`,
    measure: (browser) => writeTime(browser, 'settle'),
  },
  {
    name: 'usage/write',
    rule: { kind: 'none' },
    note: `p95 of ${APPENDS} writes of one row to a store without an index, as durable`,
    measure: (browser) => writeTime(browser, 'write'),
  },
]

export async function startUsageWorlds(): Promise<UsageWorlds> {
  const [large, small] = [await startFilled(LARGE), await startFilled(SMALL)]
  return {
    ...{ large, small },
    async close() {
      await large.close()
      await small.close()
    },
  }
}

export async function measureUsage(
  { name, rule, note, measure }: UsageFigure,
  { large, small }: UsageWorlds,
  pairs: number,
): Promise<BenchRow> {
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = -WARM_UPS; pair < pairs; pair++) {
    const [many, few] = [await measure(large), await measure(small)]
    if (pair < 0) continue
    ours.push(many)
    reference.push(few)
  }
  const text = { name, referenceName: 'a ledger of 1,000 calls', unit: 'ms' }
  return rowOfPairs({ ...text, ...(note !== undefined && { note }) }, { ours, reference }, rule)
}

async function startFilled(count: number): Promise<BenchBrowser> {
  const browser = await startBenchBrowser()
  const { window } = browser
  const { grant } = await askFrom(window, 'site.get', { origin: APP })
  const { keys } = await askFrom(window, 'key.list', {})
  if (!grant) throw new TypeError('the site has no grant')
  const random = createSeededRandom('usage bench')
  await seedUsage(window, {
    ...{ count, days: DAYS },
    // Others whose records are gone; what is counted is the same.
    grantIds: [grant.id, ...Array.from({ length: 5 }, () => createId<GrantId>(random))],
    keys: keys.map(({ id, provider }) => ({
      ...{ keyId: id, provider },
      models: ['gpt-5-mini', 'gpt-4.1', 'llama-3.3-70b', 'qwen3-32b'],
    })),
  })
  await window.evaluate(await bundledLedger())
  return browser
}

/** Milliseconds from the start of the navigation to the frame in which the chart stands. */
function paintTime({ driver }: BenchBrowser): Promise<number> {
  const url = `chrome-extension://${driver.extensionId}/dashboard.html#usage`
  return withPage(driver.browser, 'about:blank', async (page) => {
    await page.evaluateOnNewDocument(noteChart)
    await page.goto(url)
    const painted = await page.waitForFunction(
      () => (globalThis as { chartPainted?: number }).chartPainted,
    )
    return Number(await painted.jsonValue())
  })
}

/** Runs in the dashboard before its own scripts. */
function noteChart(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('main svg[role="img"] rect')) return
    observer.disconnect()
    // The next frame draws it; what comes after that frame is after the paint.
    requestAnimationFrame(() => {
      setTimeout(() => {
        Object.assign(globalThis, { chartPainted: performance.now() })
      })
    })
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** What the popup asks for to show a site and what it spent; timed in the window. */
function popupTime({ window }: BenchBrowser): Promise<number> {
  return window.evaluate(async (origin) => {
    const start = performance.now()
    const request = { method: 'site.get', params: { origin } }
    const reply = await chrome.runtime.sendMessage<object, { ok: boolean }>(request)
    if (!reply.ok) throw new Error('no site')
    return performance.now() - start
  }, APP)
}

/** The ledger's own store, as it is built into the extension, over the extension's own database. */
interface BundledLedger {
  readonly ledger: {
    reserve(reservation: object, limits: readonly object[]): Promise<unknown>
    settle(row: object): Promise<boolean>
    append(row: object): Promise<void>
  }
}

/** What is timed: the entry of a call that never was reserved, the end of one that was, or the least there is. */
type Write = 'append' | 'settle' | 'write'

async function writeTime({ window }: BenchBrowser, write: Write): Promise<number> {
  const random = crypto.getRandomValues(new Uint8Array(16))
  const keyId = createId<KeyId>(() => random)
  const times = await window.evaluate(writeAndTime, keyId, APPENDS, write)
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.floor(0.95 * sorted.length)] ?? 0
}

/** Runs in one of our windows. */
async function writeAndTime(keyId: string, count: number, write: Write): Promise<number[]> {
  const { ledger } = globalThis as unknown as BundledLedger
  const bare = write === 'write' ? await openBare() : null
  const times: number[] = []
  const now = Date.now()
  const day = new Date(now).toISOString().slice(0, 10)
  for (let at = 0; at < count; at++) {
    const bytes = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))
    const requestId = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').slice(0, 22)
    const call = {
      ...{ requestId, grantId: keyId, keyId, provider: 'openai', model: 'gpt-5-mini' },
      ...{ capability: 'chat', lane: 'proxy', startedAt: now + at },
    }
    const periods = [`day/${day}`, 'week/2026-W47', `month/${day.slice(0, 7)}`, 'total']
    const bound = { boundNanoUsd: 1000, boundTokens: 50, media: false, periods }
    if (write === 'settle') await ledger.reserve({ ...call, ...bound }, [])
    const tokens = { input: 20, cachedInput: 0, cacheWriteInput: 0, output: 10, reasoning: 4 }
    const end = { durationMs: 900, status: 200, ending: 'done', tokens }
    const row = { ...call, ...end, costNanoUsd: 400, costSource: 'usage' }
    const start = performance.now()
    if (bare) await writeBare(bare, row)
    else if (write === 'settle') await ledger.settle(row)
    else await ledger.append(row)
    times.push(performance.now() - start)
  }
  bare?.close()
  return times

  function openBare(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open('bench-bare', 1)
      opening.onupgradeneeded = () => {
        opening.result.createObjectStore('rows', { keyPath: 'requestId' })
      }
      opening.onsuccess = () => {
        resolve(opening.result)
      }
      opening.onerror = () => {
        reject(opening.error ?? new Error('the bare store'))
      }
    })
  }

  function writeBare(database: IDBDatabase, row: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' })
      transaction.objectStore('rows').put(row)
      transaction.oncomplete = () => {
        resolve()
      }
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('the bare store'))
      }
      transaction.commit()
    })
  }
}

let bundle: Promise<string> | undefined

/** The store as one script: a page of ours takes none by its own policy, and the debugger's it does. */
function bundledLedger(): Promise<string> {
  bundle ??= buildLedger()
  return bundle
}

async function buildLedger(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-ledger-'))
  const source = `import { createDexieLedgerStore } from ${JSON.stringify(LEDGER)}
globalThis.ledger = createDexieLedgerStore('valetkey-ledger')`
  await buildScript({ folder, name: 'ledger.js' }, source, 'iife')
  const script = await readFile(join(folder, 'ledger.js'), 'utf8')
  await rm(folder, { recursive: true })
  return script
}
