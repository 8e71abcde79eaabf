import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProviderId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import type { CaseResult } from './clients/case.ts'
import type {} from './clients/main.ts'
import type { Driver } from './driver.ts'
import type { FakeProviders, RecordedRequest } from './fake-providers.ts'

/** One row of the client matrix. */
export interface MatrixRow {
  readonly client: string
  readonly version: string
  readonly case: string
  readonly ok: boolean
  readonly note: string
}

export interface MatrixSetup {
  readonly driver: Driver
  readonly fakes: FakeProviders
  /** The clients page, at a site ValetKey is on for, with all four providers. */
  readonly pageUrl: string
  /** Only these clients; all, if absent. */
  readonly clients?: readonly string[]
}

/** The provider each client talks to. */
export const PROVIDER_OF: Readonly<Record<string, ProviderId>> = {
  openai: 'openai',
  '@anthropic-ai/sdk': 'anthropic',
  'anthropic-sdk-0': 'anthropic',
  '@google/genai': 'google',
  'groq-sdk': 'groq',
  '@ai-sdk/openai': 'openai',
  '@ai-sdk/anthropic': 'anthropic',
  '@ai-sdk/google': 'google',
  '@ai-sdk/groq': 'groq',
}
const ABORT_TIMEOUT_MS = 3_000

/**
 * Runs every case of every official client in a page that holds valet keys. One row a case. The page
 * stays open: a sweep afterwards has to see what it holds.
 */
export async function runClientMatrix(setup: MatrixSetup): Promise<readonly MatrixRow[]> {
  const { driver, fakes, pageUrl, clients } = setup
  const page = await driver.newPage(pageUrl)
  await page.waitForFunction(() => document.title === 'Clients ready')
  const origin = new URL(pageUrl).origin
  const all = await page.evaluate(() => window.listCases())
  const wanted = all.filter(({ client }) => clients?.includes(client) ?? true)
  const rows: MatrixRow[] = []
  for (const { client, case: name } of wanted) {
    const provider = PROVIDER_OF[client]
    if (!provider) throw new Error(`No provider is known for the client ${client}.`)
    const apiKey = await driver.valetKey(origin, provider)
    const note = await runCase({ page, fakes, client, name, apiKey })
    rows.push({ ...(await labelOf(client)), case: name, ok: note === '', note })
  }
  return rows
}

interface CaseToRun {
  readonly page: Page
  readonly fakes: FakeProviders
  readonly client: string
  readonly name: string
  readonly apiKey: string
}

/** @returns what is wrong, or nothing */
async function runCase({ page, fakes, client, name, apiKey }: CaseToRun): Promise<string> {
  const aborts = name.endsWith('abort')
  const answer = `${client} says: ${'the valet brings the car, '.repeat(aborts ? 40 : 4)}there you are.`
  const requestsBefore = fakes.requests.length
  const violationsBefore = fakes.violations.length
  const takeBack = fakes.behave({ text: answer, gapMs: aborts ? 25 : 4 })
  try {
    const result = await page.evaluate(
      (clientName, caseName, key) =>
        window.runClient(clientName, caseName, { apiKey: key, prompt: 'Say it.' }),
      client,
      name,
      apiKey,
    )
    const requests = () => fakes.requests.slice(requestsBefore)
    const faults = [
      ...judgeResult(name, result, answer),
      ...(await judgeRequests(requests, aborts)),
      ...fakes.violations.slice(violationsBefore),
    ]
    return faults.join('; ')
  } finally {
    takeBack()
  }
}

function judgeResult(name: string, result: CaseResult, answer: string): readonly string[] {
  if (!result.ok) return [result.note]
  if (name === 'models' || name === 'count tokens') {
    return result.text === '' ? ['no answer'] : []
  }
  if (name.endsWith('abort')) return answer.startsWith(result.text) ? [] : ['wrong text']
  if (result.text !== answer) return [`wrong text: ${result.text.slice(0, 60)}`]
  const streams = /stream/i.test(name)
  return streams && result.parts < 3 ? [`a stream in ${result.parts} pieces`] : []
}

async function judgeRequests(
  requests: () => readonly RecordedRequest[],
  aborts: boolean,
): Promise<readonly string[]> {
  const calls = requests().filter(({ method }) => method !== 'OPTIONS')
  if (calls.length !== 1) return [`${calls.length} requests at the provider`]
  if (calls.some(({ key }) => key === null)) return ['the provider did not get the key']
  if (!aborts) return []
  const deadline = Date.now() + ABORT_TIMEOUT_MS
  while (Date.now() < deadline) {
    if (calls[0]?.reply.aborted) return []
    await sleep(20)
  }
  return ['the abort did not reach the provider']
}

/** How a row names a client: as its users know it, with what is installed. */
async function labelOf(client: string): Promise<Pick<MatrixRow, 'client' | 'version'>> {
  const version = await versionOf(client)
  if (client === 'anthropic-sdk-0') return { client: '@anthropic-ai/sdk', version }
  if (!client.startsWith('@ai-sdk/')) return { client, version }
  return { client: `ai with ${client}`, version: `${await versionOf('ai')} with ${version}` }
}

/** The installed version of a package, aliases resolved. */
async function versionOf(packageName: string): Promise<string> {
  const paths = createRequire(import.meta.url).resolve.paths(packageName) ?? []
  for (const path of paths) {
    const text = await readFile(`${path}/${packageName}/package.json`, 'utf8').catch(() => null)
    const version = text === null ? null : /"version":\s*"([^"]+)"/.exec(text)
    if (version?.[1]) return version[1]
  }
  return 'unknown'
}
