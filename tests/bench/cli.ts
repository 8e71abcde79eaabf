/* eslint-disable no-console -- a command line prints */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startBenchBrowser, type BenchBrowser } from './bench-browser.ts'
import { FIGURES } from './figures.ts'
import { ensureChromium } from '../../scripts/find-chromium.mjs'
import { reportPage } from './report-page.ts'
import type { BenchRow } from './row.ts'
import { textTable } from './table.ts'
import { startUsageWorlds, type UsageWorlds } from './usage-figures.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    /** Writes the page of docs/ with these rows. */
    page: { type: 'string' },
    /** Rows of an earlier run, for the figures this run does not measure. */
    with: { type: 'string' },
    /** Fewer than 30 are for looking, not for a record. */
    pairs: { type: 'string', default: '30' },
  },
})
const unknown = positionals.filter((one) => !FIGURES.some(({ name }) => isCalled(name, one)))
if (unknown.length > 0) {
  const names = FIGURES.map(({ name }) => name)
  console.error(`No figure is called ${unknown.join(', ')}. There are: ${names.join(', ')}.`)
  process.exit(1)
}
const wanted = FIGURES.filter(
  ({ name }) => positionals.length === 0 || positionals.some((one) => isCalled(name, one)),
)
const earlier = values.with === undefined ? [] : await readRows(values.with)
const rows = await measureAll()
console.log(`\n${textTable(rows)}`)
if (values.page !== undefined) await writeFile(values.page, await page(allRows(rows)))
// A missed goal is a figure to read, not a command that failed.
process.exitCode = wanted.length > 0 && rows.length === wanted.length ? 0 : 1

async function measureAll(): Promise<readonly BenchRow[]> {
  const measured: BenchRow[] = []
  const started: Promise<BenchBrowser>[] = []
  const filled: Promise<UsageWorlds>[] = []
  const bench = {
    pairs: Number(values.pairs),
    browser() {
      const [running = startBenchBrowser()] = started
      started[0] = running
      return running
    },
    usage() {
      const [running = startUsageWorlds()] = filled
      filled[0] = running
      return running
    },
  }
  for (const figure of wanted) {
    console.log(`${figure.name} …`)
    try {
      const [load = 0] = loadavg()
      measured.push({ ...(await figure.measure(bench)), load: Number(load.toFixed(1)) })
      if (values.json !== undefined) await writeRows(values.json, allRows(measured))
    } catch (error) {
      console.error(`${figure.name} could not be measured:`, error)
    }
  }
  for (const running of [...started, ...filled]) await (await running).close()
  return measured
}

/** With those of the earlier run, in the order of the figures. */
function allRows(measured: readonly BenchRow[]): readonly BenchRow[] {
  return FIGURES.flatMap(({ name }) => {
    const row = [...measured, ...earlier].find((each) => each.name === name)
    return row ? [row] : []
  })
}

async function readRows(file: string): Promise<readonly BenchRow[]> {
  return JSON.parse(await readFile(file, 'utf8')) as readonly BenchRow[] // written below
}

function writeRows(file: string, all: readonly BenchRow[]): Promise<void> {
  return writeFile(file, JSON.stringify(all, null, 2))
}

async function page(measured: readonly BenchRow[]): Promise<string> {
  const chromium = await ensureChromium()
  const browser = execFileSync(chromium, ['--version']).toString().trim()
  const day = new Date().toISOString().slice(0, 10)
  return reportPage(measured, { day, browser })
}

/** By its whole name, or by its room: `call` stands for every `call/…`. */
function isCalled(name: string, wantedName: string): boolean {
  return name === wantedName || name.startsWith(`${wantedName}/`)
}
