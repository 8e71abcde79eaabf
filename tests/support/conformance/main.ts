/** Runs every case through the wallet and by the browser alone, and compares what a page sees. */
import type { ConformanceCase, Plan, Side } from './case.ts'
import { FETCH_CASES } from './fetch-cases.ts'
import { FETCH_END_CASES } from './fetch-end-cases.ts'
import { RESPONSE_CASES } from './response-cases.ts'
import { STREAM_CASES } from './stream-cases.ts'
import { XHR_EVENT_CASES } from './xhr-event-cases.ts'
import { XHR_REQUEST_CASES } from './xhr-request-cases.ts'
import { XHR_RESPONSE_CASES } from './xhr-response-cases.ts'
import { XHR_STATE_CASES } from './xhr-state-cases.ts'

export interface ConformanceResult {
  readonly section: string
  readonly title: string
  readonly verdict: 'same' | 'choice' | 'different'
  readonly ours: unknown
  readonly native: unknown
  readonly reason: string | null
}

export interface ConformanceReport {
  readonly results: readonly ConformanceResult[]
  /** Calls the wallet got while the browser's own side ran; none may. */
  readonly strays: number
  readonly starts: number
  readonly errors: readonly string[]
}

const CASES: readonly ConformanceCase[] = [
  ...FETCH_CASES,
  ...FETCH_END_CASES,
  ...RESPONSE_CASES,
  ...STREAM_CASES,
  ...XHR_REQUEST_CASES,
  ...XHR_STATE_CASES,
  ...XHR_EVENT_CASES,
  ...XHR_RESPONSE_CASES,
]
const TOGETHER = 16
const LIMIT_MS = 8_000
const OTHER = 'https://api.example.test'

/** @param valetKey carried by one side; the other's has the same length and is none */
async function runConformance(valetKey: string): Promise<ConformanceReport> {
  const wallet = (window as unknown as { wallet: { starts: number } }).wallet
  const errors: string[] = []
  window.addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)))
  const ours = await runAll(sideWith(valetKey))
  const starts = wallet.starts
  const native = await runAll(sideWith('n'.repeat(valetKey.length)))
  const results = CASES.map((one, index) => resultOf(one, ours[index], native[index]))
  return { results, starts, strays: wallet.starts - starts, errors }
}

function sideWith(key: string): Side {
  const urlAt = (origin: string, plan: Plan): string =>
    `${origin}/reply?plan=${encodeURIComponent(JSON.stringify(plan))}`
  return {
    key,
    headers: { authorization: `Bearer ${key}` },
    url: (plan) => urlAt(location.origin, plan),
    otherUrl: (plan) => urlAt(OTHER, plan),
  }
}

async function runAll(side: Side): Promise<readonly unknown[]> {
  const seen: unknown[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < CASES.length; index = next++) {
      const one = CASES[index]
      if (one) seen[index] = await run(one, side)
    }
  }
  await Promise.all(Array.from({ length: TOGETHER }, work))
  return seen
}

async function run(one: ConformanceCase, side: Side): Promise<unknown> {
  const late = new Promise((resolve) => setTimeout(resolve, LIMIT_MS, 'it did not end'))
  const seen = Promise.resolve()
    .then(() => one.run(side))
    .catch((error: unknown) => ({ failed: String(error) }))
  const text = JSON.stringify((await Promise.race([seen, late])) ?? null)
  return JSON.parse(text.replaceAll(side.key, 'KEY'))
}

function resultOf(
  { section, title, choice }: ConformanceCase,
  ours: unknown,
  native: unknown,
): ConformanceResult {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  const isMade = choice && same(ours, choice.ours) && !same(ours, native)
  const verdict = choice
    ? isMade
      ? 'choice'
      : 'different'
    : same(ours, native)
      ? 'same'
      : 'different'
  return { section, title, verdict, ours, native, reason: choice?.reason ?? null }
}

declare global {
  interface Window {
    runConformance: typeof runConformance
  }
}
window.runConformance = runConformance
document.title = 'Conformance ready'
