/** The bench's servers: provider, app, and the jobs the app's page fetches and reports. */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import type { Job, JobReport } from './page/job.ts'
import { startLeanServer } from './lean-server.ts'
import { createProvider, echoFrames, preciseNow } from './provider-replies.ts'

export const APP = 'https://app.example.test'
/** An app that connects itself, by the SDK. */
export const SDK_APP = 'https://sdk.example.test'
const SDK_DIR = join(import.meta.dirname, '..', '..', 'sdk', 'dist')
const REFERENCE = 'https://other.example.test'
/** HTTP/1.1: the faster reference where one call runs at a time. */
export const PROVIDER = 'https://api.openai.com'
export const PROVIDER_LIVE = `${PROVIDER.replace('https', 'wss')}/v1/realtime?model=gpt-realtime`
/** HTTP/2, for calls side by side. */
export const PROVIDER_H2 = 'https://api.groq.com/openai'

export type PlainJob = Omit<Job, 'providerKey' | 'referenceUrl' | 'askBefore'> & {
  /** Where the page that does it stands; absent: on the site ValetKey is switched on for. */
  readonly at?: string
  /** Done before each call through ValetKey. */
  readonly before?: () => Promise<void>
}

export interface BenchServer {
  readonly hostMap: Readonly<Record<string, string>>
  /** Hands a job to the page that `open` loads, and waits for its report. @throws Error of the page */
  run(
    job: PlainJob,
    open: (url: string) => Promise<void>,
  ): Promise<Extract<JobReport, { ok: true }>>
  close(): Promise<void>
}

interface OpenJob {
  readonly job: Job
  readonly before: () => Promise<void>
  readonly report: (report: JobReport) => void
}

/** @param providerKey the one key both providers take */
export async function startBenchServer(providerKey: string): Promise<BenchServer> {
  const provider = createProvider(providerKey)
  let open: OpenJob | null = null
  const hosts = [APP, SDK_APP, REFERENCE, PROVIDER].map((origin) => new URL(origin).host)
  const first = await startLeanServer(
    hosts,
    '1.1',
    (request, reply) =>
      request.headers.host === new URL(PROVIDER).host
        ? provider(request, reply)
        : serveApp(request, reply, open),
    echoFrames(providerKey),
  )
  const second = await startLeanServer([new URL(PROVIDER_H2).host], '2', provider)
  return {
    hostMap: {
      ...Object.fromEntries(hosts.map((host) => [host, `127.0.0.1:${first.port}`])),
      [new URL(PROVIDER_H2).host]: `127.0.0.1:${second.port}`,
    },
    async run({ before, at = `${APP}/app`, ...rest }, load) {
      const { promise, resolve } = Promise.withResolvers<JobReport>()
      const job = {
        ...rest,
        providerKey,
        referenceUrl: `${REFERENCE}/reference`,
        askBefore: before !== undefined,
      }
      open = { job, before: before ?? (() => Promise.resolve()), report: resolve }
      await load(at)
      const report = await promise
      open = null
      if (!report.ok) throw new Error(`The bench page failed: ${report.error}`)
      return report
    },
    async close() {
      await first.close()
      await second.close()
    },
  }
}

async function serveApp(
  request: IncomingMessage,
  reply: ServerResponse,
  open: OpenJob | null,
): Promise<void> {
  const path = request.url ?? '/'
  if (path === '/clock') {
    send(reply, 'text/plain', preciseNow().toFixed(3))
    return
  }
  if (path === '/job') {
    send(reply, 'application/json', JSON.stringify(open?.job))
    return
  }
  if (path === '/before') {
    await open?.before()
    send(reply, 'text/plain', '')
    return
  }
  if (path === '/report') {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer) // no encoding is set on it
    send(reply, 'text/plain', '')
    open?.report(JSON.parse(Buffer.concat(parts).toString('utf8')) as JobReport) // our own page's
    return
  }
  await servePage(path, reply)
}

async function servePage(path: string, reply: ServerResponse): Promise<void> {
  const ofSdk = /^\/valetkey\/([-\w]+\.js)$/.exec(path)?.[1]
  if (ofSdk !== undefined) {
    send(reply, 'text/javascript', await readFile(join(SDK_DIR, ofSdk), 'utf8'))
    return
  }
  const script = /^\/([-\w]+)\.ts$/.exec(path)?.[1]
  if (script !== undefined) {
    const source = await readFile(join(import.meta.dirname, 'page', `${script}.ts`), 'utf8')
    send(reply, 'text/javascript', stripTypeScriptTypes(source))
    return
  }
  const name = path.slice(1)
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title><body>`
  send(
    reply,
    'text/html',
    name === 'favicon.ico' ? '' : `${html}<script type="module" src="/${name}.ts"></script>`,
  )
}

function send(reply: ServerResponse, type: string, text: string): void {
  reply.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  reply.end(text)
}
