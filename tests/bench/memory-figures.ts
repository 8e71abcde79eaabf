/** `memory/…`: what the worker holds after much work, beside what it held before. */
import { readFileSync } from 'node:fs'
import { TargetType, type CDPSession } from 'puppeteer'
import { startBenchBrowser, type BenchBrowser } from './bench-browser.ts'
import { PROVIDER } from './bench-server.ts'
import type { BodyPlan } from './page/probe.ts'
import { rowOf, type BenchRow } from './row.ts'

interface MemoryFigure {
  readonly name: string
  readonly body: BodyPlan
  /** Each is a call of ours, and one of the page's own. */
  readonly pairs: number
}

const MEGABYTE = 1024 * 1024
const STREAM_BYTES = 200_000_000

export const MEMORY_FIGURES: readonly MemoryFigure[] = [
  {
    name: 'memory/worker-500-calls',
    body: { kind: 'chat', user: 'first' },
    pairs: 500,
  },
  {
    name: 'memory/worker-200mb-stream',
    body: { kind: 'chat', user: `stream ${STREAM_BYTES}` },
    pairs: 1,
  },
]

/** In a browser of its own: a worker that is looked into is kept alive, and slower. */
export async function measureMemory(figure: MemoryFigure): Promise<BenchRow> {
  const browser = await startBenchBrowser({ watchWorkers: true })
  try {
    const worker = await sessionOfWorker(browser)
    const run = (body: BodyPlan, pairs: number): Promise<unknown> =>
      browser.run('openai', {
        probe: { timed: 'whole', url: `${PROVIDER}/v1/chat/completions`, body },
        ...{ pairs, pauseMs: 0, warmUps: 0 },
      })
    // Code compiles and caches fill in the first calls; that is no leak.
    await run({ kind: 'chat', user: 'first' }, 30)
    await run({ kind: 'chat', user: `stream ${2 * MEGABYTE}` }, 2)
    const before = await heapMegabytes(worker)
    const processBefore = processMegabytes(browser)
    await run(figure.body, figure.pairs)
    const after = await heapMegabytes(worker)
    const note = `process ${processBefore} → ${processMegabytes(browser)} MB`
    return rowOf(
      { name: figure.name, referenceName: 'before', unit: 'MB heap', note },
      { ours: after, reference: before },
      { kind: 'more', limit: 1 },
    )
  } finally {
    await browser.close()
  }
}

async function sessionOfWorker({ driver }: BenchBrowser): Promise<CDPSession> {
  const url = `chrome-extension://${driver.extensionId}/`
  const target = await driver.browser.waitForTarget(
    (each) => each.type() === TargetType.SERVICE_WORKER && each.url().startsWith(url),
  )
  return target.createCDPSession()
}

/** What is reachable: everything else is collected first. */
async function heapMegabytes(worker: CDPSession): Promise<number> {
  await worker.send('HeapProfiler.enable')
  for (let pass = 0; pass < 3; pass++) await worker.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize } = await worker.send('Runtime.getHeapUsage')
  return (usedSize + backingStorageSize) / MEGABYTE
}

/** Resident memory of the extension's process; null where /proc does not tell. */
function processMegabytes({ driver }: BenchBrowser): number | null {
  try {
    return extensionProcess(driver.browser.process()?.pid ?? 0)
  } catch {
    return null
  }
}

function extensionProcess(browserPid: number): number | null {
  for (const pid of descendants(browserPid)) {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    if (!command.includes('--extension-process')) continue
    const kilobytes = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kilobytes) / 1024)
  }
  return null
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text !== '')
    .map(Number)
  return children.flatMap((child) => [child, ...descendants(child)])
}
