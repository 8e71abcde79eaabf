/** Every figure by its name, and what it needs to be measured. */
import type { BenchBrowser } from './bench-browser.ts'
import { CALL_FIGURES, measureCall } from './call-figures.ts'
import type { BenchRow } from './row.ts'

/** What a figure is measured with. The browser is started when the first one asks for it. */
interface Bench {
  readonly browser: () => Promise<BenchBrowser>
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
]
