/** A server as it is run: its own process, which can be killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Send } from './device.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const START_MS = 20_000

export interface ServerProcess {
  readonly port: number
  readonly send: Send
  /** Memory it holds, in bytes (Linux). */
  readonly memoryBytes: () => number
  /** Time it has worked, in ms, to a hundredth of a second (Linux). */
  readonly cpuMs: () => number
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<number | null>
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** Resolves when it answers. */
export async function startServerProcess(
  settings: Readonly<Record<string, string>>,
  port: number,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      VALETKEY_PORT: String(port),
      VALETKEY_LOG: 'silent',
      VALETKEY_PUSHES_PER_MINUTE: '1000000',
      VALETKEY_REQUESTS_PER_MINUTE: '1000000',
      VALETKEY_GUESTS_PER_MINUTE: '1000000',
      ...settings,
    },
  })
  const origin = `http://127.0.0.1:${String(port)}`
  await untilHealthy(origin, child)
  return {
    port,
    memoryBytes() {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
    },
    cpuMs() {
      const stat = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8')
      // After the name, which may hold blanks: user and system time are the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return (Number(fields[11]) + Number(fields[12])) * 10
    },
    async send({ method, url, headers, body }) {
      const reply = await fetch(origin + url, {
        method,
        headers,
        ...(body !== undefined && { body }),
      })
      return { status: reply.status, body: (await reply.json()) as never }
    },
    async kill(signal) {
      const ended = once(child, 'exit') as Promise<[number | null]>
      child.kill(signal)
      const [code] = await ended
      return code
    },
  }
}

async function untilHealthy(origin: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_MS
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(`${origin}/health`).catch(() => null)
    if (answer?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  child.kill('SIGKILL')
  throw new Error('the server did not start')
}
