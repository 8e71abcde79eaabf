/** A page that asks for the wallet's frame, once, beside the least frame another extension can have. */
import type * as Sdk from 'valetkey'
import type { Job, JobReport } from './job.ts'

const SDK = new URL('/valetkey/index.js', location.href).href

/** From the first question until the frame answered, which the package tells by an event. */
async function timeOurs({ reconnect }: typeof Sdk): Promise<number> {
  const answered = new Promise<number>((resolve) => {
    addEventListener('valetkey:announce', () => {
      resolve(performance.now())
    })
  })
  const start = performance.now()
  void reconnect()
  return (await answered) - start
}

function timeReference(url: string): Promise<number> {
  const { port1, port2 } = new MessageChannel()
  const frame = document.createElement('iframe')
  frame.src = url
  frame.style.display = 'none'
  return new Promise((resolve) => {
    const start = performance.now()
    port1.onmessage = () => {
      resolve(performance.now() - start)
    }
    frame.onload = () => {
      frame.contentWindow?.postMessage('hello', '*', [port2])
    }
    document.documentElement.append(frame)
  })
}

async function runJob({ frameUrl = '', isReferenceFirst = false }: Job): Promise<JobReport> {
  const sdk = (await import(SDK)) as typeof Sdk
  const first = isReferenceFirst ? await timeReference(frameUrl) : 0
  const ours = await timeOurs(sdk)
  const reference = isReferenceFirst ? first : await timeReference(frameUrl)
  return { ok: true, ours: [ours], reference: [reference] }
}

await new Promise((resolve) => setTimeout(resolve, 100))
const job = (await (await fetch('/job')).json()) as Job
const report = await runJob(job).catch((error: unknown): JobReport => ({
  ok: false,
  error: String(error),
}))
await fetch('/report', { method: 'POST', body: JSON.stringify(report) })
