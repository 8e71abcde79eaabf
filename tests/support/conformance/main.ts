/**
 * Runs every case through the wallet and by the browser alone, and compares what a page sees; those of
 * `fetch` also by a session of the SDK.
 */
import type * as Sdk from 'valetkey'
import type { ConformanceCase, Plan, Side } from './case.ts'
import { FETCH_CASES } from './fetch-cases.ts'
import { FETCH_END_CASES } from './fetch-end-cases.ts'
import { RESPONSE_CASES } from './response-cases.ts'
import { LEFT_OUT, SESSION_CHOICES } from './session-choices.ts'
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
  /** Those of `fetch`, with a session's `fetch` in its place. */
  readonly sessionResults: readonly ConformanceResult[]
  /** Calls the wallet got while the browser's own side ran; none may. */
  readonly strays: number
  readonly starts: number
  readonly errors: readonly string[]
}

const FETCHES: readonly ConformanceCase[] = [
  ...FETCH_CASES,
  ...FETCH_END_CASES,
  ...RESPONSE_CASES,
  ...STREAM_CASES,
]
const CASES: readonly ConformanceCase[] = [
  ...FETCHES,
  ...XHR_REQUEST_CASES,
  ...XHR_STATE_CASES,
  ...XHR_EVENT_CASES,
  ...XHR_RESPONSE_CASES,
]
const TOGETHER = 16
const LIMIT_MS = 8_000
const OTHER = 'https://api.example.test'
/** As a page loads it: no bundler knows this one. */
const SDK = new URL('/valetkey/index.js', location.href).href

/** @param valetKey carried by one side; the other's has the same length and is none */
async function runConformance(valetKey: string): Promise<ConformanceReport> {
  const wallet = (window as unknown as { wallet: { starts: number } }).wallet
  const errors: string[] = []
  window.addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)))
  const ours = await runAll(CASES, sideWith(valetKey))
  const starts = wallet.starts
  const keyless = sideWith('n'.repeat(valetKey.length))
  const native = await runAll(CASES, keyless)
  const strays = wallet.starts - starts
  const results = CASES.map((one, index) => resultOf(one, ours[index], native[index]))
  const sessionResults = await runSession(keyless, native)
  return { results, sessionResults, starts, strays, errors }
}

/** What the browser alone did is known already: `native`, in the order of the cases. */
async function runSession(
  side: Side,
  native: readonly unknown[],
): Promise<readonly ConformanceResult[]> {
  const { connect } = (await import(SDK)) as typeof Sdk
  const { fetch } = await connect()
  const patched = window.fetch
  window.fetch = fetch
  const cases = FETCHES.filter(({ title }) => !Object.hasOwn(LEFT_OUT, title))
  const ours = await runAll(cases, side)
  window.fetch = patched
  return cases.map((one, index) => {
    const choice = SESSION_CHOICES[one.title] ?? one.choice
    const judged = { section: one.section, title: one.title, run: one.run }
    return resultOf(
      choice ? { ...judged, choice } : judged,
      ours[index],
      native[CASES.indexOf(one)],
    )
  })
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

async function runAll(cases: readonly ConformanceCase[], side: Side): Promise<readonly unknown[]> {
  const seen: unknown[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < cases.length; index = next++) {
      const one = cases[index]
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
