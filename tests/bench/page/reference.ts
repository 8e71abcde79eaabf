/** The frame ValetKey is off for: makes the same call with the real key, by the browser's own `fetch`. */
import type { Job } from './job.ts'
import { measureClock, prepareCall, timeCall } from './probe.ts'

const OWN_FETCH = 'function fetch() { [native code] }'

addEventListener('message', ({ data: job, ports: [port] }: MessageEvent<Job>) => {
  if (port) void serve(job, port)
})

async function serve(job: Job, port: MessagePort): Promise<void> {
  const call = prepareCall(job.probe, job.providerKey)
  const clockAhead = await measureClock()
  port.onmessage = () => {
    timeCall(job.probe, call, clockAhead).then(
      (time) => {
        port.postMessage(time)
      },
      (error: unknown) => {
        port.postMessage(String(error))
      },
    )
  }
  const isOwn = Function.prototype.toString.call(fetch) === OWN_FETCH
  port.postMessage(isOwn ? 0 : 'it goes through ValetKey too')
}
