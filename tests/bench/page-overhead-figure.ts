/** `capture/page-overhead`: what the watcher of a dashboard costs the main thread of a busy page. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'puppeteer'
import { startAppServer } from '../support/app-server.ts'
import { launch } from '../support/driver.ts'
import { rowOfPairs, type BenchRow } from './row.ts'

const DASHBOARD = 'https://platform.openai.com'
const PLAIN = 'https://other.example.test'
/** Elements and texts. */
const NODES = 50_000
const MUTATIONS_A_SECOND = 100
const WINDOW_MS = 2_000
/** The page was looked through once, and stands still. */
const SETTLE_MS = 4_000
/** Of each pair two windows: more would take minutes and say no more. */
const MOST_PAIRS = 15
/** 1 % of a second. */
const LIMIT_MS = 10

/** The same page at both addresses, in turns; only one of them is a dashboard. */
export async function measurePageOverhead(pairs: number): Promise<BenchRow> {
  const hosts = [DASHBOARD, PLAIN].map((origin) => new URL(origin).host)
  const server = await startAppServer(hosts)
  server.serve('/busy', { body: '<!doctype html><html lang="en"><title>busy</title><body></body>' })
  const extensionDir = process.env['VALETKEY_EXTENSION'] ?? ''
  const driver = await launch({
    ...{ extensionDir, hostMap: server.hostMap, headless: true },
    ...{ watchWorkers: false, lean: true },
  })
  try {
    const ours: number[] = []
    const reference: number[] = []
    const [watched, plain] = [
      await openBusy(await driver.newPage(`${DASHBOARD}/busy`)),
      await openBusy(await driver.newPage(`${PLAIN}/busy`)),
    ]
    for (let pair = -1; pair < Math.min(pairs, MOST_PAIRS); pair++) {
      const [withUs, without] = [await busyMs(watched), await busyMs(plain)]
      if (pair < 0) continue
      ours.push(withUs)
      reference.push(without)
    }
    return rowOfPairs(
      {
        ...{ name: 'capture/page-overhead', referenceName: 'the same page, no dashboard' },
        unit: 'ms of main thread a second',
      },
      { ours, reference },
      { kind: 'more', limit: LIMIT_MS },
    )
  } finally {
    await driver.close()
    await server.close()
  }
}

async function openBusy(page: Page): Promise<Page> {
  await page.bringToFront()
  await page.evaluate(fillAndMutate, NODES, MUTATIONS_A_SECOND)
  await sleep(SETTLE_MS)
  return page
}

/** How long tasks of the page's main thread ran, per second, by the browser's own count. */
async function busyMs(page: Page): Promise<number> {
  await page.bringToFront()
  // Timers of a tab in the background run late.
  await sleep(300)
  const [before, started] = [await taskSeconds(page), performance.now()]
  await sleep(WINDOW_MS)
  const [after, ended] = [await taskSeconds(page), performance.now()]
  return ((after - before) * 1_000 * 1_000) / (ended - started)
}

async function taskSeconds(page: Page): Promise<number> {
  const { TaskDuration = 0 } = await page.metrics()
  return TaskDuration
}

/** Runs in the page: rows of a list, of which one changes, comes or goes at a time. */
function fillAndMutate(nodes: number, aSecond: number): void {
  const rowOf = (at: number): HTMLElement => {
    const row = document.createElement('div')
    row.style.cssText = 'contain: strict; height: 20px; width: 600px'
    for (const text of [`Key ${at}`, 'sk-…x7Qa', `used ${at} s ago`]) {
      const cell = document.createElement('span')
      cell.textContent = text
      row.append(cell, ' ')
    }
    return row
  }
  // Each row is ten nodes.
  const rows = Array.from({ length: nodes / 10 }, (_, at) => rowOf(at))
  // As long lists do it: what is out of sight is not drawn, or the page alone would fill the thread.
  for (let from = 0; from < rows.length; from += 50) {
    const part = document.createElement('div')
    part.style.cssText = 'content-visibility: auto; contain-intrinsic-size: 600px 1000px'
    part.append(...rows.slice(from, from + 50))
    document.body.append(part)
  }
  let tick = 0
  setInterval(() => {
    tick += 1
    const at = (tick * 7_919) % rows.length
    const row = rows[at]
    if (!row) return
    if (tick % 10 === 0) {
      const next = rowOf(tick)
      rows[at] = next
      row.replaceWith(next)
    } else {
      const cell = row.children[2]
      if (cell) cell.textContent = `used ${tick} s ago`
    }
  }, 1_000 / aSecond)
}
