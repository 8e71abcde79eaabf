/**
 * `sdk/…`: a call of an app that connected itself, by `session.fetch` through the frame, beside the page's own
 * `fetch` and beside an extension that carries calls by a runtime port with JSON: all three in turns.
 */
import type { BenchBrowser } from './bench-browser.ts'
import { CALL_FIGURES, REFERENCE_NAME, WARM_UPS, type CallFigure } from './call-figures.ts'
import type { JobReport } from './page/job.ts'
import { rowOfPairs, type BenchRow, type GoalRule } from './row.ts'

type Report = Extract<JobReport, { ok: true }>

interface SdkFigure {
  readonly name: string
  /** The call that is timed; null: the frame is. */
  readonly call: CallFigure | null
  readonly beside: 'page' | 'port' | 'frame'
}

/** The calls an app of the SDK has to make as well as a site that is switched on. */
const CALLS = ['first-byte', 'token-latency', 'sse-20mb'].flatMap((name) =>
  CALL_FIGURES.filter((figure) => figure.name === `call/${name}`),
)

export const SDK_FIGURES: readonly SdkFigure[] = [
  ...CALLS.flatMap((call): SdkFigure[] => {
    const name = call.name.replace('call/', 'sdk/')
    return [
      { name, call, beside: 'page' },
      { name: `${name}/port-json`, call, beside: 'port' },
    ]
  }),
  { name: 'sdk/frame-start', call: null, beside: 'frame' },
]

const FRAME_RULE: GoalRule = { kind: 'below', limit: 150 }

export async function measureSdk(
  { name, call, beside }: SdkFigure,
  browser: BenchBrowser,
  pairs: number,
): Promise<BenchRow> {
  if (!call) {
    const text = { name, referenceName: 'a frame of an extension with nothing in it', unit: 'ms' }
    return rowOfPairs(text, await timeFrames(browser, pairs), FRAME_RULE)
  }
  const { ours, reference, port = [] } = await timeOnce(call, browser, pairs)
  if (beside === 'page') {
    const text = { name, referenceName: REFERENCE_NAME, unit: 'ms' }
    return rowOfPairs(text, { ours, reference }, call.rule)
  }
  const text = { name, referenceName: 'a runtime port with JSON', unit: 'ms' }
  return rowOfPairs(text, { ours, reference: port }, { kind: 'none' })
}

/** Both rows of a call come from one run. */
const taken = new WeakMap<BenchBrowser, Map<string, Promise<Report>>>()

function timeOnce(call: CallFigure, browser: BenchBrowser, pairs: number): Promise<Report> {
  const ofBrowser = taken.get(browser) ?? new Map<string, Promise<Report>>()
  taken.set(browser, ofBrowser)
  const { name, probe, pauseMs } = call
  const timed =
    ofBrowser.get(name) ?? browser.runOfApp({ probe, pairs, pauseMs, warmUps: WARM_UPS }, 'sdk')
  ofBrowser.set(name, timed)
  return timed
}

/** A page loads the frame once: each pair has a page of its own. */
async function timeFrames(browser: BenchBrowser, pairs: number): Promise<Report> {
  const [{ probe }] = CALLS as [CallFigure]
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = -WARM_UPS; pair < pairs; pair++) {
    const job = { probe, pairs: 1, pauseMs: 0, warmUps: 0, isReferenceFirst: pair % 2 !== 0 }
    const timed = await browser.runOfApp(job, 'frame')
    if (pair < 0) continue
    ours.push(...timed.ours)
    reference.push(...timed.reference)
  }
  return { ok: true, ours, reference }
}
