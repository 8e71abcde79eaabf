import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'puppeteer'
import type { BrowserLog } from './browser-log.ts'
import type { PlantedValues } from './marker.ts'

/** A page of the sweep's own that holds the marker in every kind of store a page has. */
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
  await page.evaluate(plantEverywhere, values, REPLY_PATH)
  return {
    page,
    async close() {
      await page.evaluate(clearStores).catch(() => undefined)
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
      reply.setHeader('content-type', echoed ? 'text/plain' : 'text/html')
      reply.end(echoed ? Buffer.concat(chunks) : '<!doctype html><title>sweep</title>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** Runs in the page. */
async function plantEverywhere(planted: PlantedValues, replyPath: string): Promise<void> {
  const both = `${planted.latin1} ${planted.base64}`
  localStorage.setItem('sweep', both)
  sessionStorage.setItem('sweep', both)
  document.cookie = `sweep=${planted.latin1}.${planted.base64.replaceAll('=', '')}`
  const cache = await caches.open('sweep')
  await cache.put('/sweep', new Response(both))
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('sweep', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('values')
    opening.onerror = () => {
      reject(opening.error ?? new Error('no reason given'))
    }
    opening.onsuccess = () => {
      const writing = opening.result.transaction('values', 'readwrite', { durability: 'strict' })
      for (const [form, value] of Object.entries(planted)) {
        writing.objectStore('values').put(value, form)
      }
      writing.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
  // eslint-disable-next-line no-console -- the console is a place under search
  console.log(both)
  const reply = await fetch(replyPath, {
    method: 'POST',
    headers: { 'x-sweep': both },
    body: both,
  })
  await reply.text()
}

/** Runs in the page. */
async function clearStores(): Promise<void> {
  localStorage.clear()
  sessionStorage.clear()
  document.cookie = 'sweep=; max-age=0'
  await caches.delete('sweep')
  indexedDB.deleteDatabase('sweep')
}
