import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyId, ProviderId, Terms } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import type { CaseResult } from './clients/case.ts'
import type {} from './clients/main.ts'
import type { Driver } from './driver.ts'
import type { Behaviour } from './fakes/behaviour.ts'
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
  '@ai-sdk/mistral': 'mistral',
  '@ai-sdk/xai': 'xai',
  '@langchain/openai': 'openai',
  '@langchain/anthropic': 'anthropic',
  '@langchain/google-genai': 'google',
  '@google/generative-ai': 'google',
  '@mistralai/mistralai': 'mistral',
  '@openrouter/sdk': 'openrouter',
  'cohere-ai': 'cohere',
  replicate: 'replicate',
  'axios xhr': 'openai',
  'axios fetch': 'openai',
  ky: 'openai',
  'sse.js': 'openai',
  '@microsoft/fetch-event-source': 'openai',
  'deep-chat openai': 'openai',
  'deep-chat anthropic': 'anthropic',
  'deep-chat google': 'google',
  'deep-chat groq': 'groq',
}
const ABORT_TIMEOUT_MS = 3_000
const DAY_MS = 86_400_000

/** Calls that no price bounds: the person is asked about each. */
const ASKED = new Set(['speech', 'transcription', 'run'])

/** What the provider answers where the emulator has no answer. */
const SCRIPTED: Readonly<Record<string, (answer: string) => Behaviour>> = {
  images: () => ({ body: JSON.stringify({ created: 1, data: [{ b64_json: 'iVBORw0KGgo=' }] }) }),
  speech: () => ({ body: 'RIFF\u0000\u0001WAVE', contentType: 'audio/wav' }),
  transcription: (text) => ({ body: JSON.stringify({ text }) }),
  run: (text) => ({
    status: 201,
    body: JSON.stringify({ id: 'p1', status: 'succeeded', output: text.split(/(?<= )/) }),
  }),
}

/** Cases whose answer is no text the model says. */
const WORDLESS = new Set(['models', 'count tokens', 'embeddings', 'images', 'speech'])

/** Terms that let the clients do all their cases. */
export function matrixTerms(keyIds: ReadonlyMap<ProviderId, KeyId>): Terms {
  return {
    schema: 1,
    providers: [...keyIds].map(([provider, only]) => ({
      ...{ provider, keys: { only }, models: 'any' },
      capabilities: ['chat', 'embedding', 'image', 'speech', 'transcription'],
    })),
    budgets: [{ usd: '1000.00', window: 'day' }],
    limits: { perMinute: 600, parallel: 8, maxOutputTokens: 4096 },
    expiresAt: Date.now() + DAY_MS,
    lane: 'proxy',
  }
}

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
    const note = await runCase({ page, driver, fakes, client, name, apiKey })
    rows.push({ ...(await labelOf(client)), case: name, ok: note === '', note })
  }
  return rows
}

interface CaseToRun {
  readonly page: Page
  readonly driver: Driver
  readonly fakes: FakeProviders
  readonly client: string
  readonly name: string
  readonly apiKey: string
}

/** @returns what is wrong, or nothing */
async function runCase({ page, driver, fakes, client, name, apiKey }: CaseToRun): Promise<string> {
  const aborts = name.endsWith('abort')
  const answer = `${client} says: ${'the valet brings the car, '.repeat(aborts ? 40 : 4)}there you are.`
  const requestsBefore = fakes.requests.length
  const violationsBefore = fakes.violations.length
  const takeBack = fakes.behave({
    ...{ text: answer, gapMs: aborts ? 25 : 4 },
    ...SCRIPTED[name]?.(answer),
  })
  try {
    const asked = ASKED.has(name) ? driver.answerConsent('allow') : null
    const result = await page.evaluate(
      (clientName, caseName, key) =>
        window.runClient(clientName, caseName, { apiKey: key, prompt: 'Say it.' }),
      client,
      name,
      apiKey,
    )
    await asked
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
  if (WORDLESS.has(name)) return result.text === '' ? ['no answer'] : []
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
  // `axios xhr` is axios, used with XMLHttpRequest.
  const version = await versionOf(client.split(' ')[0] ?? client)
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
