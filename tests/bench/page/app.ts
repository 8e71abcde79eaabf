/**
 * The page that ValetKey is on for. Its calls go through ValetKey; the reference is made by a frame of
 * an origin ValetKey is off for: the same process, the same main thread, and the browser's own `fetch`
 * with the real key.
 */
import type { Job, JobReport } from './job.ts'
import { measureClock, prepareCall, timeCall } from './probe.ts'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function runJob(job: Job): Promise<JobReport> {
  const frame = await openReference(job)
  const clockAhead = await measureClock()
  const own = prepareCall(job.probe, job.valetKey)
  const timeOurs = async (): Promise<number> => {
    if (job.askBefore) await fetch('/before', { method: 'POST' })
    await pause(job.pauseMs)
    return timeCall(job.probe, own, clockAhead)
  }
  const timeReference = async (): Promise<number> => {
    await pause(job.pauseMs)
    return frame()
  }
  const ours: number[] = []
  const reference: number[] = []
  for (let pair = -job.warmUps; pair < job.pairs; pair++) {
    const oursFirst = pair % 2 === 0
    const first = await (oursFirst ? timeOurs() : timeReference())
    const second = await (oursFirst ? timeReference() : timeOurs())
    if (pair < 0) continue
    ours.push(oursFirst ? first : second)
    reference.push(oursFirst ? second : first)
  }
  return { ok: true, ours, reference }
}

/** @returns makes one call without ValetKey and resolves to its time */
async function openReference(job: Job): Promise<() => Promise<number>> {
  const frame = document.createElement('iframe')
  frame.src = job.referenceUrl
  const channel = new MessageChannel()
  const answers: ((answer: number | string) => void)[] = []
  channel.port1.onmessage = ({ data }: MessageEvent<number | string>) => answers.shift()?.(data)
  const ask = async (question: unknown, transfer?: Transferable[]): Promise<number> => {
    const answered = new Promise<number | string>((resolve) => answers.push(resolve))
    if (transfer) frame.contentWindow?.postMessage(question, job.referenceUrl, transfer)
    else channel.port1.postMessage(question)
    const answer = await answered
    if (typeof answer === 'string') throw new Error(`reference: ${answer}`)
    return answer
  }
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve)
    document.body.append(frame)
  })
  await ask(job, [channel.port2])
  return () => ask('call')
}

const job = (await (await fetch('/job')).json()) as Job
const report = await runJob(job).catch((error: unknown): JobReport => ({
  ok: false,
  error: String(error),
}))
await fetch('/report', { method: 'POST', body: JSON.stringify(report) })
