import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { freePort } from './server-process.ts'

const PLACES = [
  '/usr/sbin/nats-server',
  '/usr/local/bin/nats-server',
  '/opt/homebrew/bin/nats-server',
]

/** A NATS server of its own. */
export async function openNats(): Promise<{ address: string } & AsyncDisposable> {
  const program = PLACES.find((place) => existsSync(place))
  if (program === undefined) {
    throw new Error(
      'These tests need NATS: please install it (Debian: apt-get install nats-server).',
    )
  }
  const port = await freePort()
  const child = spawn(program, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  await untilOpen(port)
  return {
    address: `nats://127.0.0.1:${String(port)}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function untilOpen(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true)
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('NATS did not start')
}
