/** Figures of a vault with ten thousand keys, beside one with ten: each in a browser of its own. */
import type { RecordFields } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { launch } from '../support/driver.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { keystrokeTimes } from '../support/driving/keystrokes.ts'
import { waitFor } from '../support/driving/screens.ts'
import { seedVault } from '../support/driving/seed-vault.ts'
import { PASSPHRASE } from './bench-browser.ts'
import { rowOfPairs, type BenchRow, type GoalRule, type Pairs } from './row.ts'
import { scrollTimes } from './scroll-figure.ts'

const LARGE = 10_000
const SMALL = 10
const WARM_UPS = 2
/** The words of one search; letters beyond the pairs asked for are not typed. */
const QUERY = 'project number 77 groq notes of 9'

interface VaultFigure {
  readonly name: string
  readonly rule: GoalRule
  measure(vaults: Vaults, pairs: number): Promise<Pairs>
}

/** A window of each browser; the vault of it is locked. */
interface Vaults {
  readonly large: Page
  readonly small: Page
}

export const VAULT_FIGURES: readonly VaultFigure[] = [
  {
    name: 'vault/search-10k',
    rule: { kind: 'below', limit: 16 },
    measure: async ({ large, small }, pairs) => ({
      ours: await searchTimes(large, pairs),
      reference: await searchTimes(small, pairs),
    }),
  },
  { name: 'vault/unlock-10k', rule: { kind: 'times', limit: 1.1, aim: 1 }, measure: unlockTimes },
  { name: 'ui/scroll-10k', rule: { kind: 'times', limit: 2, aim: 1 }, measure: scrollTimes },
]

export async function measureVault(figure: VaultFigure, pairs: number): Promise<BenchRow> {
  const [large, small] = [await startBrowser(LARGE), await startBrowser(SMALL)]
  try {
    const measured = await figure.measure({ large: large.window, small: small.window }, pairs)
    const text = { name: figure.name, referenceName: 'a vault of ten keys', unit: 'ms' }
    return rowOfPairs(text, measured, figure.rule)
  } finally {
    await large.close()
    await small.close()
  }
}

async function startBrowser(count: number): Promise<{ window: Page; close: () => Promise<void> }> {
  const { newPage, extensionId, close } = await launch({
    extensionDir: process.env['VALETKEY_EXTENSION'] ?? '',
    hostMap: {},
    headless: true,
    watchWorkers: false,
    lean: true,
  })
  // A window that lists nothing: what it would read at each change is not what is measured.
  const window = await newPage(`chrome-extension://${extensionId}/welcome.html`)
  await seedVault(window, PASSPHRASE, manyKeys(count))
  return { window, close }
}

export function manyKeys(count: number): RecordFields<'key'>[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ provider: index % 2 === 0 ? 'openai' : 'groq', baseUrl: null },
    ...{ secret: `bench-${index}`, label: `Project number ${index}`, notes: `Notes of ${index}` },
    ...{ createdAt: 1_700_000_000_000 + index, expiresAt: null, lastTest: null },
    ...{ order: (index + 1) * 1024, archived: false },
  }))
}

async function unlockTimes({ large, small }: Vaults, pairs: number): Promise<Pairs> {
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = -WARM_UPS; pair < pairs; pair++) {
    const [many, few] = [await unlockTime(large), await unlockTime(small)]
    if (pair < 0) continue
    ours.push(many)
    reference.push(few)
  }
  return { ours, reference }
}

/** Unlocks, and leaves it locked again with nothing more to do. */
async function unlockTime(window: Page): Promise<number> {
  const time = await window.evaluate(async (passphrase) => {
    const start = performance.now()
    const request = { method: 'vault.unlock', params: { passphrase } }
    const reply = await chrome.runtime.sendMessage<object, { ok: boolean }>(request)
    if (!reply.ok) throw new Error('the vault stays locked')
    return performance.now() - start
  }, PASSPHRASE)
  // What follows an unlock looks at every record, one list after the other: these two come last.
  for (let list = 0; list < 2; list++) await askFrom(window, 'key.list', {})
  await askFrom(window, 'vault.lock', {})
  return time
}

/** Milliseconds a letter in the popup's search. */
async function searchTimes(window: Page, pairs: number): Promise<readonly number[]> {
  await askFrom(window, 'vault.unlock', { passphrase: PASSPHRASE })
  const { origin } = await window.evaluate(() => ({ origin: location.origin }))
  const popup = await window.browser().newPage()
  await popup.goto(`${origin}/popup.html`)
  const times: number[] = []
  while (times.length < pairs) {
    await popup.reload()
    await waitFor(popup, 'search', () => popup.$('input[inputmode="search"]'))
    await popup.focus('input[inputmode="search"]')
    times.push(...(await keystrokeTimes(popup, QUERY)))
  }
  await popup.close()
  return times.slice(0, pairs)
}
