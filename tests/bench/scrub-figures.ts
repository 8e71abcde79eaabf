/** `proxy/scrub-…`: what a megabyte of a reply takes to pass, long replies beside short ones (C76). */
import { defaultTerms } from '@valetkey/wallet/grants'
import { createLedger, createRateLimits } from '@valetkey/wallet/metering'
import {
  createId,
  createValetKey,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderKey,
} from '@valetkey/wallet/protocol'
import { runCall, type PageCall, type ProxyPorts } from '@valetkey/wallet/proxy'
import { createMemoryLedgerStore, createSeededRandom } from '@valetkey/wallet/testing'
import { createTestKey } from '../support/test-keys.ts'
import { rowOfPairs, type BenchRow } from './row.ts'

interface ScrubFigure {
  readonly name: string
  readonly contentType: string
  /** What stands before, again and again, and after. */
  readonly text: readonly [start: string, unit: string, end: string]
  /** Size of the provider's writes. */
  readonly writeBytes: number
}

const MEGABYTE = 1024 * 1024
const SHORT = 1
const MIDDLE = 4
const LONG = 16
const EVENTS = 'text/event-stream'
const ORIGIN = 'https://app.example.test'
const SECRET = createTestKey('openai', 'scrub bench')
/** All of the key but its last letter: the search gives up as late as it can. */
const NEAR = SECRET.slice(0, -1)

export const SCRUB_FIGURES: readonly ScrubFigure[] = [
  {
    name: 'proxy/scrub-linear',
    contentType: EVENTS,
    text: ['', eventOf(' car'), 'data: [DONE]\n\n'],
    writeBytes: 64 * 1024,
  },
  {
    name: 'proxy/scrub-linear-near-matches',
    contentType: EVENTS,
    text: ['', eventOf(NEAR), 'data: [DONE]\n\n'],
    writeBytes: 64 * 1024,
  },
  {
    name: 'proxy/scrub-linear-near-body',
    contentType: 'application/json',
    text: ['{"choices":[{"message":{"content":"', NEAR, '"}}]}'],
    writeBytes: 64 * 1024,
  },
  {
    name: 'proxy/scrub-linear-one-event',
    contentType: EVENTS,
    text: ['data: "', 'word ', '"\n\n'],
    writeBytes: 1024,
  },
]

/** Runs the wallet's own way of a call in Node, with a provider that has the whole reply at hand. */
export async function measureScrub(figure: ScrubFigure, pairs: number): Promise<BenchRow> {
  const [long, middle, short] = [LONG, MIDDLE, SHORT].map((size) => replyOf(figure, size))
  const times = { long: [] as number[], middle: [] as number[], short: [] as number[] }
  for (let pair = -2; pair < pairs; pair++) {
    // As many megabytes on every side, so that none is measured finer than the others.
    const took = [
      await timePerMegabyte(figure, long, 1),
      await timePerMegabyte(figure, middle, LONG / MIDDLE),
      await timePerMegabyte(figure, short, LONG / SHORT),
    ] as const
    if (pair < 0) continue
    times.long.push(took[0])
    times.middle.push(took[1])
    times.short.push(took[2])
  }
  const [fourMegabytes = 0] = times.middle.sort((a, b) => a - b).slice(pairs / 2)
  const name = { name: figure.name, referenceName: `replies of ${SHORT} MB`, unit: 'ms/MB' }
  return rowOfPairs(
    { ...name, note: `ours: one of ${LONG} MB; of ${MIDDLE} MB: ${fourMegabytes.toFixed(2)}` },
    { ours: times.long, reference: times.short },
    { kind: 'times', limit: 1.5 },
  )
}

async function timePerMegabyte(
  { contentType, writeBytes }: ScrubFigure,
  reply: Uint8Array<ArrayBuffer> | undefined,
  times: number,
): Promise<number> {
  if (!reply) throw new TypeError('no reply')
  let took = 0
  for (let time = 0; time < times; time++) {
    // The scrubber overwrites what it finds in place, so each call gets a copy; it is made untimed.
    const body = streamOf(reply.slice(), writeBytes)
    const start = performance.now()
    const response = new Response(body, { headers: { 'content-type': contentType } })
    await readAll(await callOnce(() => Promise.resolve(response)))
    took += performance.now() - start
  }
  return took / times / (reply.length / MEGABYTE)
}

async function callOnce(forward: ProxyPorts['forward']): Promise<ReadableStream<Uint8Array>> {
  const reply = await runCall(CALL, CALLER, portsOf(forward), new AbortController().signal)
  if (reply.kind !== 'response' || reply.status !== 200 || !reply.body) {
    throw new Error('the call was not made')
  }
  return reply.body
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader()
  while (!(await reader.read()).done);
}

function replyOf(
  { text: [start, unit, end] }: ScrubFigure,
  megabytes: number,
): Uint8Array<ArrayBuffer> {
  const times = Math.floor((megabytes * MEGABYTE - start.length - end.length) / unit.length)
  return new TextEncoder().encode(start + unit.repeat(times) + end)
}

function streamOf(
  bytes: Uint8Array<ArrayBuffer>,
  writeBytes: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream(
    {
      pull(controller) {
        // Each with a buffer of its own, as the network hands them over.
        controller.enqueue(bytes.slice(at, (at += writeBytes)))
        if (at >= bytes.length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

function eventOf(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }]
  return `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices, usage: null })}\n\n`
}

const random = createSeededRandom('scrub bench')
const VALET_KEY = createValetKey('sk-48', random)
const CALLER = { origin: ORIGIN, incognito: false }
const CALL: PageCall = {
  method: 'POST',
  url: 'https://api.openai.com/v1/chat/completions',
  headers: [['Content-Type', 'application/json']],
  body: {
    kind: 'text',
    text: JSON.stringify({
      model: 'gpt-4o-mini',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Hi' }],
    }),
  },
  credential: { valetKey: VALET_KEY },
}

/** A wallet with one grant and one key, which is opened for whoever asks. */
function portsOf(forward: ProxyPorts['forward']): ProxyPorts {
  const clock = (): number => Date.now()
  const [grantId, keyId] = [createId<GrantId>(random), createId<KeyId>(random)]
  const grant: Grant = {
    id: grantId,
    subject: { origin: ORIGIN },
    status: 'active',
    terms: defaultTerms({ now: clock(), keys: [{ provider: 'openai', keyId }] }),
    createdAt: clock(),
  }
  const secret = SECRET as ProviderKey // of that shape
  const opened = { keyId, provider: 'openai', secret, baseUrl: null } as const
  return {
    ...{ clock, random, forward },
    ledger: createLedger({ store: createMemoryLedgerStore(), clock }),
    rateLimits: createRateLimits(),
    findSite: () => Promise.resolve({ grantId, provider: 'openai' }),
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(grant),
        openKey: () => Promise.resolve(opened),
      }),
    mayReach: () => Promise.resolve(true),
    isPaused: () => Promise.resolve(false),
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
    noteKeyRefused: () => undefined,
    ask: () => Promise.resolve('deny'),
    ...{ noteRefusal: ignore, noteForeignHost: ignore, noteCall: ignore },
  }
}

function ignore(): void {
  // Nobody is told.
}
