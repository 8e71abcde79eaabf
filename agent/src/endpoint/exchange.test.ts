import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { sendAnswer } from './exchange.ts'

const PIECE_BYTES = 64 * 1024
const LIMIT_BYTES = 16 * 1024 * 1024

/** An answer without end, over a real connection, to a client that reads only when it is told to. */
async function startAnswer() {
  const abort = new AbortController()
  let pulled = 0
  let cancelled = false
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        pulled += PIECE_BYTES
        controller.enqueue(new Uint8Array(PIECE_BYTES))
      },
      cancel() {
        cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  const answer = {
    ...({ kind: 'response', status: 200, statusText: '', body } as const),
    headers: [['content-type', 'application/octet-stream']] as [string, string][],
  }
  const server = createServer((_, response) => {
    response.on('close', () => {
      abort.abort()
    })
    void sendAnswer(response, answer, abort.signal).catch(() => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const call = request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  call.end()
  const [reply] = (await once(call, 'response')) as [IncomingMessage]
  reply.on('error', () => undefined)
  return {
    ...{ reply, abort, pulled: () => pulled, isCancelled: () => cancelled },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

it('asks the provider for no more than the client reads', async () => {
  const answer = await startAnswer()
  let whileStalled = -1
  // What the buffers of the connection hold, and not a piece more: it comes to a stand.
  while (answer.pulled() !== whileStalled && whileStalled < LIMIT_BYTES) {
    whileStalled = answer.pulled()
    await delay(300)
  }

  expect(whileStalled).toBeLessThan(LIMIT_BYTES)
  answer.reply.resume()
  await expect.poll(answer.pulled, { timeout: 10_000 }).toBeGreaterThan(4 * whileStalled)
  answer.close()
}, 30_000)

it.each(['the client goes away', 'the call is ended here'])(
  'leaves the provider within a piece when %s',
  async (which) => {
    const answer = await startAnswer()
    await delay(100)
    if (which === 'the client goes away') answer.reply.destroy()
    else answer.abort.abort()

    await expect.poll(answer.isCancelled, { timeout: 4000 }).toBe(true)
    const pulled = answer.pulled()
    await delay(100)
    expect(answer.pulled()).toBe(pulled)
    answer.close()
  },
)

it('an answer that is ended here is broken off, and no whole one', async () => {
  const answer = await startAnswer()
  answer.reply.resume()
  const ended = new Promise((resolve) => answer.reply.on('close', resolve))
  answer.abort.abort()
  await ended

  expect(answer.reply.complete).toBe(false)
  answer.close()
})
