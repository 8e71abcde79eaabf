import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'puppeteer'
import type { BrowserLog } from './browser-log.ts'
import type { PlantedValues } from './marker.ts'

/** A page of the sweep's own that sends, receives, prints and keeps the marker as any page could a key. */
export interface MarkerPage {
  readonly page: Page
  close(): Promise<void>
}

const REPLY_PATH = '/reply'

/** Opens it, on a loopback server that echoes what it is sent. */
export async function openMarkerPage(
  browser: Browser,
  values: PlantedValues,
  log: BrowserLog,
): Promise<MarkerPage> {
  const server = await startEchoServer()
  const page = await browser.newPage()
  log.watch(page)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) // TCP, never a pipe
  await page.evaluate(sendAround, values, REPLY_PATH)
  return {
    page,
    async close() {
      await page
        .evaluate(() => {
          document.cookie = 'sweep=; max-age=0'
        })
        .catch(() => undefined)
      await page.close().catch(() => undefined)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function startEchoServer(): Promise<Server> {
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const echoed = request.url === REPLY_PATH
      reply.setHeader('content-type', echoed ? 'text/plain; charset=utf-8' : 'text/html')
      reply.end(echoed ? Buffer.concat(chunks) : '<!doctype html><title>sweep</title>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Runs in the page. */
async function sendAround(planted: PlantedValues, replyPath: string): Promise<void> {
  const { latin1, utf16, wide, base64 } = planted
  document.cookie = `sweep=${latin1}.${wide}.${base64.replaceAll('=', '')}`
  const body = [latin1, utf16, wide, base64].join(' ')
  // eslint-disable-next-line no-console -- the console is a place under search
  console.log(body)
  const headers = { 'x-sweep': `${latin1} ${base64}` }
  const reply = await fetch(replyPath, { method: 'POST', headers, body })
  await reply.text()
}
