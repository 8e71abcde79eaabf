/** Runs in a page: makes one call as an app would, and says how long it took, in milliseconds. */
import { timeForeign } from './foreign.ts'
import type { PreparedCall } from './prepared-call.ts'
import { timeSocket } from './socket.ts'
import { timeXhr } from './xhr.ts'

/** What is called, and what of it is timed. */
export interface Probe {
  /**
   * `first-byte`: until the body's first byte. `whole`: until its last. `tokens`: the median time from a
   * token's sending to its reading. `foreign`: the call of `fetch` itself, without a key and never sent,
   * in microseconds. `echo`: the median time of a frame on a socket that is open, there and back.
   */
  readonly timed: 'first-byte' | 'whole' | 'tokens' | 'foreign' | 'echo'
  readonly url: string
  readonly body: BodyPlan
  /** Calls at the same time; the time of all together counts. */
  readonly parallel?: number
  /** By XMLHttpRequest, which is read as it grows. */
  readonly byXhr?: true
}

export type BodyPlan =
  /** A small chat whose `user` tells the provider what to answer. */
  | { readonly kind: 'chat'; readonly user: string }
  | { readonly kind: 'embedding'; readonly user: string }
  /** A chat with an inline picture of that size. */
  | { readonly kind: 'picture'; readonly sizeBytes: number }
  /** A recording of that size to transcribe, as a form. */
  | { readonly kind: 'recording'; readonly sizeBytes: number }
  /** Sound for a socket, as text of that size. */
  | { readonly kind: 'frame'; readonly sizeBytes: number }
  /** Text of nobody's; none of size 0. */
  | { readonly kind: 'foreign'; readonly sizeBytes: number }

/** Makes body and headers ahead, so that neither is timed. */
export function prepareCall(probe: Probe, apiKey: string): PreparedCall {
  const { body } = probe
  const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` }
  if (body.kind !== 'recording') headers['content-type'] = 'application/json'
  return { url: probe.url, init: { method: 'POST', headers, body: bodyOf(body) } }
}

function bodyOf(plan: BodyPlan): BodyInit | null {
  switch (plan.kind) {
    case 'chat': {
      const messages = [{ role: 'user', content: 'Hi' }]
      return JSON.stringify({
        model: 'gpt-4o-mini',
        stream: true,
        stream_options: { include_usage: true },
        user: plan.user,
        messages,
      })
    }
    case 'embedding':
      return JSON.stringify({ model: 'text-embedding-3-small', user: plan.user, input: 'Hi' })
    case 'picture': {
      const url = `data:image/png;base64,${'QUJD'.repeat(plan.sizeBytes / 4)}`
      const content = [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url } },
      ]
      return JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] })
    }
    case 'frame':
      return JSON.stringify({
        type: 'input_audio_buffer.append',
        audio: 'QUJD'.repeat(plan.sizeBytes / 4),
      })
    case 'foreign':
      return plan.sizeBytes === 0 ? null : 'x'.repeat(plan.sizeBytes)
    case 'recording': {
      const form = new FormData()
      form.append('model', 'gpt-4o-mini-transcribe')
      form.append(
        'file',
        new File([noise(plan.sizeBytes)], 'recording.mp3', { type: 'audio/mpeg' }),
      )
      return form
    }
  }
}

function noise(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes)
  for (let at = 0; at < sizeBytes; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  }
  return bytes
}

/** How far the server's clock is ahead of `performance.timeOrigin + performance.now()` here, ms. */
export async function measureClock(): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  let ahead = 0
  for (let attempt = 0; attempt < 30; attempt++) {
    const start = performance.now()
    const served = Number(await (await fetch('/clock')).text())
    const end = performance.now()
    if (end - start >= shortest) continue
    shortest = end - start
    ahead = served - (performance.timeOrigin + (start + end) / 2)
  }
  return ahead
}

/** Makes a call; the page's own `fetch`, or something in its place. */
export type Send = (url: string, init: RequestInit) => Promise<Response>

/** @param clockAhead how far the provider's clock is ahead of this page's, ms */
export async function timeCall(
  probe: Probe,
  call: PreparedCall,
  clockAhead: number,
  send: Send = (url, init) => fetch(url, init),
): Promise<number> {
  if (probe.timed === 'foreign') return timeForeign(call)
  if (probe.timed === 'echo') return timeSocket(call)
  if (probe.byXhr) return timeXhr(call)
  if (probe.parallel !== undefined) {
    const start = performance.now()
    await Promise.all(Array.from({ length: probe.parallel }, () => timeOne('whole', call, 0, send)))
    return performance.now() - start
  }
  return timeOne(probe.timed, call, clockAhead, send)
}

async function timeOne(
  timed: Probe['timed'],
  { url, init }: PreparedCall,
  clockAhead: number,
  send: Send,
): Promise<number> {
  const start = performance.now()
  const reply = await send(url, init)
  if (reply.status !== 200 || !reply.body) throw new Error(`${reply.status} ${await reply.text()}`)
  const reader = reply.body.getReader()
  let firstMs: number | null = null
  const latencies: number[] = []
  for (;;) {
    const { done, value } = await reader.read()
    const now = performance.now()
    if (done) break
    firstMs ??= now - start
    if (timed === 'tokens') latencies.push(...latenciesIn(value, now + clockAhead))
  }
  if (timed === 'first-byte') return firstMs ?? Number.NaN
  if (timed === 'whole') return performance.now() - start
  return middleOf(latencies)
}

function latenciesIn(bytes: Uint8Array, now: number): number[] {
  const sent = new TextDecoder().decode(bytes).matchAll(/t=([\d.]+);/g)
  return [...sent].map(([, time]) => performance.timeOrigin + now - Number(time))
}

function middleOf(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[Math.floor(values.length / 2)] ?? Number.NaN
}
