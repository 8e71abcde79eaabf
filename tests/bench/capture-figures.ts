/** `capture/scan…`: what a megabyte of text takes to be searched for keys, beside a bare `indexOf` (C60). */
import { findKeys } from '@valetkey/wallet/capture'
import { createDraw } from '@valetkey/wallet/testing'
import { rowOfPairs, type BenchRow, type GoalRule } from './row.ts'

interface CaptureFigure {
  readonly name: string
  /** Stands in the text again and again. */
  readonly unit: string
  readonly rule: GoalRule
}

const MEGABYTES = 10
const draw = createDraw('capture bench')

/** A page of keys as it reads: names, dates, masked keys, prose. */
const PAGE_TEXT = `API keys  Create new secret key  Name  Secret key  Created  Last used
personal  sk-...${draw('{A4}')}  21 Nov 2026  Never  hackathon  ${draw('sk-proj-{A6}')}...${draw('{A4}')}
Do not share your API key with others or expose it in the browser or other client-side code. In order to
protect your account's security, any key that has leaked publicly may be disabled automatically.
`

export const CAPTURE_FIGURES: readonly CaptureFigure[] = [
  { name: 'capture/scan', unit: PAGE_TEXT, rule: { kind: 'times', limit: 20 } },
  {
    name: 'capture/scan-near-keys',
    unit: `${draw('sk-proj-{A14}')} ${draw('gsk_{A51}')} ${draw('{H31}')} `,
    rule: { kind: 'below', limit: 50 },
  },
  {
    name: 'capture/scan-one-word',
    unit: draw('{U100}'),
    rule: { kind: 'below', limit: 50 },
  },
]

export function measureCapture({ name, unit, rule }: CaptureFigure, pairs: number): BenchRow {
  const text = unit.repeat(Math.ceil((MEGABYTES * 1_000_000) / unit.length))
  const times = { ours: [] as number[], reference: [] as number[] }
  for (let pair = -3; pair < pairs; pair++) {
    // Not in it: the search goes to the end.
    const reference = timeOf(() => text.indexOf('gsk_~'))
    const ours = timeOf(() => findKeys(text, 'mistral'))
    if (pair < 0) continue
    times.ours.push(ours)
    times.reference.push(reference)
  }
  return rowOfPairs({ name, referenceName: 'indexOf', unit: 'ms/MB' }, times, rule)
}

function timeOf(search: () => unknown): number {
  const startedAt = performance.now()
  search()
  return (performance.now() - startedAt) / MEGABYTES
}
