/** Serves the page of the conformance cases, the built shim, and replies as a case plans them. */
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cutReply, startTlsFront, type FrontReply, type FrontRequest } from '../tls-front.ts'
import type { Plan } from './case.ts'

export const PAGE_HOST = 'page.example.test'
const OTHER_HOST = 'api.example.test'
const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>conformance</title>
<script src="/wallet.js"></script><script src="/shim.js"></script>
<script type="module" src="/main.ts"></script></html>`
const EVERYTHING = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': '*',
  'access-control-allow-headers': '*, authorization',
  'access-control-expose-headers': '*',
  'access-control-max-age': '600',
}

export interface ConformanceServer {
  readonly hostMap: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * @param shimFile the built shim
 * @param sdkDir the built SDK
 */
export async function startConformanceServer(
  shimFile: string,
  sdkDir: string,
): Promise<ConformanceServer> {
  const front = await startTlsFront([PAGE_HOST, OTHER_HOST], async (request, reply) => {
    const { pathname, searchParams } = new URL(request.path, 'https://any.test')
    if (request.method === 'OPTIONS') {
      reply.writeHead(204, EVERYTHING)
      reply.end()
    } else if (pathname === '/reply') {
      const plan = JSON.parse(searchParams.get('plan') ?? '{}') as Plan // our own page's
      await answer(plan, request, reply)
    } else {
      await servePage(pathname, { shimFile, sdkDir }, reply)
    }
  })
  const place = `127.0.0.1:${front.port}`
  return {
    hostMap: { [PAGE_HOST]: place, [OTHER_HOST]: place },
    close: () => front.close(),
  }
}

async function answer(plan: Plan, request: FrontRequest, reply: FrontReply): Promise<void> {
  const { status = 200, headers = {}, gapMs = 0, cut } = plan
  await sleep(plan.delayMs ?? 0)
  if (cut === 'head') {
    cutReply(reply)
    return
  }
  const chunks = plan.echo ? [JSON.stringify(echoOf(request))] : (plan.chunks ?? [])
  const location = plan.redirectTo === undefined ? {} : { location: plan.redirectTo }
  const cors = request.host === OTHER_HOST ? EVERYTHING : {}
  reply.writeHead(status, { 'cache-control': 'no-store', ...cors, ...location, ...headers })
  reply.flushHeaders()
  if (request.method !== 'HEAD') {
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0) await sleep(gapMs)
      if (reply.destroyed) return
      reply.write(typeof chunk === 'string' ? chunk : Buffer.from(chunk))
    }
  }
  if (cut === 'body') {
    // What was written has to leave first.
    await sleep(400)
    cutReply(reply)
  } else {
    reply.end()
  }
}

function echoOf({ method, path, headers, body }: FrontRequest): object {
  return { method, path, headers, body: [...body] }
}

interface Built {
  readonly shimFile: string
  readonly sdkDir: string
}

async function servePage(
  path: string,
  { shimFile, sdkDir }: Built,
  reply: FrontReply,
): Promise<void> {
  const ofSdk = /^\/valetkey\/([-\w]+\.js)$/.exec(path)?.[1]
  const name = /^\/([-\w]+)\.(?:ts|js)$/.exec(path)?.[1]
  if (path === '/') {
    send(reply, 'text/html', HTML)
  } else if (path === '/shim.js') {
    send(reply, 'text/javascript', await readFile(shimFile, 'utf8'))
  } else if (ofSdk !== undefined) {
    send(reply, 'text/javascript', await readFile(join(sdkDir, ofSdk), 'utf8'))
  } else if (name === undefined) {
    send(reply, 'text/plain', '', 404)
  } else {
    const source = await readFile(join(import.meta.dirname, `${name}.ts`), 'utf8')
    send(reply, 'text/javascript', stripTypeScriptTypes(source))
  }
}

function send(reply: FrontReply, type: string, text: string, status = 200): void {
  reply.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  reply.end(text)
}
