/**
 * The page of an app with the SDK, which asked for no permission: each call is made by the session through
 * the frame, by the page's own `fetch` with the real key, and by the stand-in of a port with JSON.
 */
import type * as Sdk from 'valetkey'
import type { Job, JobReport } from './job.ts'
import { fetchByPort } from './port-json.ts'
import { measureClock, prepareCall, timeCall, type Send } from './probe.ts'

/** As a page loads it: no bundler knows this one. */
const SDK = new URL('/valetkey/index.js', location.href).href
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function runJob(job: Job): Promise<JobReport> {
  const { reconnect } = (await import(SDK)) as typeof Sdk
  const session = await reconnect()
  if (!session) throw new Error('The app is not connected.')
  const clockAhead = await measureClock()
  const call = prepareCall(job.probe, job.providerKey)
  const ways: readonly Send[] = [session.fetch, (url, init) => fetch(url, init), fetchByPort]
  const times: number[][] = ways.map(() => [])
  for (let round = 0; round < job.warmUps + job.pairs; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const way = (round + turn) % ways.length
      const send = ways[way]
      if (!send) continue
      await pause(job.pauseMs)
      const time = await timeCall(job.probe, call, clockAhead, send)
      if (round >= job.warmUps) times[way]?.push(time)
    }
  }
  const [ours = [], reference = [], port = []] = times
  return { ok: true, ours, reference, port }
}

const job = (await (await fetch('/job')).json()) as Job
const report = await runJob(job).catch((error: unknown): JobReport => ({
  ok: false,
  error: String(error),
}))
await fetch('/report', { method: 'POST', body: JSON.stringify(report) })
