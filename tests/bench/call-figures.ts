/** `call/…`: a call through ValetKey beside the same call by the page itself. */
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { BenchBrowser } from './bench-browser.ts'
import { PROVIDER, PROVIDER_H2, PROVIDER_LIVE } from './bench-server.ts'
import { answerEveryConsent } from './consent-answers.ts'
import type { Probe } from './page/probe.ts'
import { rowOfPairs, type BenchRow, type GoalRule } from './row.ts'

export interface CallFigure {
  readonly name: string
  readonly provider?: ProviderId
  readonly probe: Probe
  readonly pauseMs: number
  readonly rule: GoalRule
  /** The worker is stopped before each call of ours. */
  readonly cold?: true
  /** The person is asked once, when what is timed has not begun. */
  readonly asked?: true
}

export const CHAT = `${PROVIDER}/v1/chat/completions`
const MEGABYTE = 1_000_000
export const REFERENCE_NAME = 'the page’s own fetch'
export const WARM_UPS = 5

export const CALL_FIGURES: readonly CallFigure[] = [
  {
    name: 'call/first-byte',
    probe: { timed: 'first-byte', url: CHAT, body: { kind: 'chat', user: 'first' } },
    pauseMs: 60,
    rule: { kind: 'more', limit: 2, aim: '1.05 ×' },
  },
  {
    name: 'call/token-latency',
    probe: { timed: 'tokens', url: CHAT, body: { kind: 'chat', user: 'tokens 60 8' } },
    pauseMs: 30,
    rule: { kind: 'more', limit: 1, aim: '+ 0.5 ms' },
  },
  {
    name: 'call/sse-20mb',
    probe: {
      timed: 'whole',
      url: CHAT,
      body: { kind: 'chat', user: `stream ${20 * MEGABYTE}` },
    },
    pauseMs: 50,
    rule: { kind: 'times', limit: 1.6, aim: 1.2 },
  },
  {
    name: 'call/xhr-stream',
    probe: {
      timed: 'whole',
      url: CHAT,
      body: { kind: 'chat', user: `stream ${5 * MEGABYTE}` },
      byXhr: true,
    },
    pauseMs: 50,
    rule: { kind: 'times', limit: 1.6, aim: 1.2 },
  },
  {
    name: 'call/websocket',
    probe: { timed: 'echo', url: PROVIDER_LIVE, body: { kind: 'frame', sizeBytes: 4096 } },
    pauseMs: 30,
    rule: { kind: 'none' },
    asked: true,
  },
  {
    name: 'call/upload-10mb',
    probe: {
      timed: 'whole',
      url: `${PROVIDER}/v1/audio/transcriptions`,
      body: { kind: 'recording', sizeBytes: 10 * MEGABYTE },
    },
    pauseMs: 300,
    rule: { kind: 'times', limit: 1.1, aim: 1 },
  },
  {
    name: 'call/upload-json-10mb',
    probe: { timed: 'whole', url: CHAT, body: { kind: 'picture', sizeBytes: 10 * MEGABYTE } },
    pauseMs: 50,
    rule: { kind: 'times', limit: 2 },
  },
  {
    name: 'call/download-10mb',
    probe: {
      timed: 'whole',
      url: `${PROVIDER}/v1/embeddings`,
      body: { kind: 'embedding', user: `vectors ${10 * MEGABYTE}` },
    },
    pauseMs: 50,
    rule: { kind: 'none' },
  },
  {
    name: 'call/parallel-20',
    provider: 'groq',
    probe: {
      timed: 'whole',
      url: `${PROVIDER_H2}/v1/chat/completions`,
      body: { kind: 'chat', user: 'first' },
      parallel: 20,
    },
    pauseMs: 80,
    rule: { kind: 'none' },
  },
  {
    name: 'call/cold-worker',
    probe: { timed: 'first-byte', url: CHAT, body: { kind: 'chat', user: 'first' } },
    pauseMs: 400,
    rule: { kind: 'none' },
    cold: true,
  },
]

/** Measures one of them. */
export async function measureCall(
  figure: CallFigure,
  browser: BenchBrowser,
  pairs: number,
): Promise<BenchRow> {
  const { name, probe, pauseMs, rule, provider = 'openai', cold = false, asked = false } = figure
  const answers = asked ? await answerEveryConsent(browser.window) : null
  const measured = await browser.run(provider, {
    ...{ probe, pairs, pauseMs, warmUps: WARM_UPS },
    ...(cold ? { before: () => browser.stopWorker() } : {}),
  })
  const referenceName = probe.timed === 'echo' ? 'the page’s own socket' : REFERENCE_NAME
  const text = { name, referenceName, unit: 'ms' }
  await answers?.stop()
  return rowOfPairs(text, measured, rule)
}
