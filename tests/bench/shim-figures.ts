/** `shim/…`: what the shim costs a page where the request is none of ours. */
import type { BenchBrowser } from './bench-browser.ts'
import { CHAT, WARM_UPS } from './call-figures.ts'
import { rowOfPairs, type BenchRow, type GoalRule } from './row.ts'

interface ShimFigure {
  readonly name: string
  /** Of the body, which is text; 0: none. */
  readonly sizeBytes: number
  readonly rule: GoalRule
}

export const SHIM_FIGURES: readonly ShimFigure[] = [
  {
    name: 'shim/foreign-fetch',
    sizeBytes: 0,
    rule: { kind: 'more', limit: 20, aim: '+ 10 µs' },
  },
  { name: 'shim/foreign-fetch-64kb', sizeBytes: 64 * 1024, rule: { kind: 'more', limit: 200 } },
]

export async function measureShim(
  { name, sizeBytes, rule }: ShimFigure,
  browser: BenchBrowser,
  pairs: number,
): Promise<BenchRow> {
  const probe = { timed: 'foreign', url: CHAT, body: { kind: 'foreign', sizeBytes } } as const
  const measured = await browser.run('openai', { probe, pairs, pauseMs: 10, warmUps: WARM_UPS })
  return rowOfPairs({ name, referenceName: 'a page without the shim', unit: 'µs' }, measured, rule)
}
