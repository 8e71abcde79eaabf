/** Every figure by its name, and what it needs to be measured. */
import type { BenchBrowser } from './bench-browser.ts'
import { CALL_FIGURES, measureCall } from './call-figures.ts'
import { CAPTURE_FIGURES, measureCapture } from './capture-figures.ts'
import { MEMORY_FIGURES, measureMemory } from './memory-figures.ts'
import { measurePageOverhead } from './page-overhead-figure.ts'
import { measurePopup } from './popup-figure.ts'
import { RELAY_FIGURES, measureRelay } from './relay-figures.ts'
import type { BenchRow } from './row.ts'
import { SDK_FIGURES, measureSdk } from './sdk-figures.ts'
import { SCRUB_FIGURES, measureScrub } from './scrub-figures.ts'
import { SHIM_FIGURES, measureShim } from './shim-figures.ts'
import { SIZE_FIGURES, measureSize } from './size-figures.ts'
import { measureFirstSync } from './first-sync-figure.ts'
import { measureUnlock } from './unlock-figure.ts'
import { SYNC_FIGURES, measureSync } from './sync-figures.ts'
import { USAGE_FIGURES, measureUsage, type UsageWorlds } from './usage-figures.ts'
import { VAULT_FIGURES, measureVault } from './vault-figures.ts'

/** What a figure is measured with. The browser is started when the first one asks for it. */
interface Bench {
  readonly browser: () => Promise<BenchBrowser>
  /** Two more, filled when the first figure asks for them, and last: that takes minutes. */
  readonly usage: () => Promise<UsageWorlds>
  readonly pairs: number
}

export interface Figure {
  readonly name: string
  readonly measure: (bench: Bench) => Promise<BenchRow>
}

export const FIGURES: readonly Figure[] = [
  ...CALL_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: async ({ browser, pairs }) => measureCall(figure, await browser(), pairs),
  })),
  ...SDK_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: async ({ browser, pairs }) => measureSdk(figure, await browser(), pairs),
  })),
  ...SHIM_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: async ({ browser, pairs }) => measureShim(figure, await browser(), pairs),
  })),
  {
    name: 'vault/unlock',
    measure: async ({ browser, pairs }) => measureUnlock(await browser(), pairs),
  },
  ...VAULT_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: ({ pairs }) => measureVault(figure, pairs),
  })),
  {
    name: 'ui/popup-open',
    measure: async ({ browser, pairs }) => measurePopup(await browser(), pairs),
  },
  ...CAPTURE_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: ({ pairs }) => Promise.resolve(measureCapture(figure, pairs)),
  })),
  { name: 'capture/page-overhead', measure: ({ pairs }) => measurePageOverhead(pairs) },
  ...SCRUB_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: ({ pairs }) => measureScrub(figure, pairs),
  })),
  ...SIZE_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: () => Promise.resolve(measureSize(figure)),
  })),
  ...MEMORY_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: () => measureMemory(figure),
  })),
  ...SYNC_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: () => measureSync(figure),
  })),
  { name: 'sync/first-sync-10k', measure: () => measureFirstSync() },
  ...RELAY_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: ({ pairs }) => measureRelay(figure, pairs),
  })),
  ...USAGE_FIGURES.map((figure): Figure => ({
    name: figure.name,
    measure: async ({ usage, pairs }) => measureUsage(figure, await usage(), pairs),
  })),
]
