import { readFileSync } from 'node:fs'
import { parseJson, type JsonObject } from '../../protocol/index.ts'
import type { UsageReader } from '../provider.ts'

/** One request an unmodified client library sent, as it left `fetch`. */
export interface ClientRequest {
  readonly client: string
  readonly method: string
  readonly url: string
  readonly form?: boolean
  readonly body: JsonObject | null
}

/** The text of `<provider>/__fixtures__/<file>`. */
export function readFixture(path: string): string {
  const [provider, file] = path.split('/')
  return readFileSync(new URL(`../${String(provider)}/__fixtures__/${String(file)}`, import.meta.url), 'utf8')
}

export function readClientRequests(provider: string): readonly ClientRequest[] {
  // The fixture is ours: its shape is what the capture wrote.
  return parseJson(readFixture(`${provider}/client-requests.json`)) as unknown as ClientRequest[]
}

/** The `data` of each event of a transcript. */
export function eventsOf(transcript: string): readonly string[] {
  return transcript
    .split('\n\n')
    .map((event) => event.split('\n').filter((line) => line.startsWith('data: ')))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.slice(6)).join('\n'))
}

/** Feeds a transcript to a reader; returns the events it let pass. */
export function playEvents(reader: UsageReader, transcript: string): readonly string[] {
  return eventsOf(transcript).filter((event) => !isMarked(reader, event) || reader.event(event))
}

/** Whether an event holds one of the reader's marks; the proxy looks for them in bytes. */
export function isMarked({ marks }: UsageReader, event: string): boolean {
  return marks.some(({ word, opensObject }) =>
    event.split(word).slice(1).some((rest) => !opensObject || /^\s*:\s*\{/.test(rest)),
  )
}
