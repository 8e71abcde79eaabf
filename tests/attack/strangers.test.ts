/** Who looks like the app, and who is no page at all: C5, C11. */
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { TargetType } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { APP, useWorld } from '../e2e/world.ts'
import { consentWindow } from '../support/driving/consent-screen.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { press } from '../support/driving/screens.ts'
import { callFake } from '../support/https-client.ts'
import { hasShim, tryToSpend } from './attempt.ts'

/** The app's name with a Cyrillic first letter. */
const TWIN_AS_TYPED = 'https://\u0430pp.example.test'
const TWIN = new URL(TWIN_AS_TYPED).origin

describe('a twin in letters that pass for others', () => {
  const world = useWorld('site', { appHosts: [new URL(TWIN).host] })

  it('C5: has no shim and is served nothing', async () => {
    const page = await world.emptyPage(TWIN_AS_TYPED)

    expect(TWIN).toMatch(/^https:\/\/xn--/)
    expect(await page.evaluate(() => origin)).toBe(TWIN)
    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([false, 'unswapped'])
  })

  it('C5: that asks is shown in ASCII, with a warning, and a no leaves nothing of it', async () => {
    const { browser, extensionId } = world.driver
    await preApprovePermission(browser, extensionId, TWIN)
    const popup = await world.window(`popup.html?site=${encodeURIComponent(TWIN_AS_TYPED)}`)
    await press(popup, 'switch', 'Use ValetKey on this site')
    const consent = await consentWindow(browser, extensionId)
    await consent.waitForSelector('h1:not(.sr-only)')
    const said = await consent.evaluate(() => ({
      name: document.querySelector('h1')?.textContent,
      text: `${document.title}\n${document.body.innerText}`,
    }))

    expect(said.name).toBe(new URL(TWIN).host)
    expect(said.text).toContain('letters that can pass for others')
    expect(said.text).not.toContain('\u0430')
    await world.driver.answerConsent('deny')
    await popup.close()
    const page = await world.emptyPage(TWIN)
    expect([await hasShim(page), await tryToSpend(world, page)]).toEqual([false, 'unswapped'])
  })
})

describe('a valet key outside the browser', () => {
  const world = useWorld('site')
  const CALLS: readonly [ProviderId, url: string, header: string, status: number][] = [
    ['openai', 'https://api.openai.com/v1/models', 'authorization', 401],
    ['anthropic', 'https://api.anthropic.com/v1/models', 'x-api-key', 401],
    ['google', 'https://generativelanguage.googleapis.com/v1beta/models', 'x-goog-api-key', 400],
    ['groq', 'https://api.groq.com/openai/v1/models', 'authorization', 401],
  ]

  it('C11: gets the provider’s own refusal', async () => {
    world.fakes.expectValetKeys(true)
    for (const [provider, url, header, status] of CALLS) {
      const valetKey = await world.driver.valetKey(APP, provider)
      const value = header === 'authorization' ? `Bearer ${valetKey}` : valetKey
      const reply = await callFake(world.fakes, url, { headers: { [header]: value } })

      expect(reply.status, provider).toBe(status)
      expect(reply.headers['x-valetkey-error'], provider).toBeUndefined()
      expect(world.fakes.requests.at(-1), provider).toMatchObject({ key: null })
      expect(world.fakes.requests.at(-1)?.valetKeys, provider).toEqual([valetKey])
    }
  })

  it.runIf(existsSync('/proc/net/tcp'))(
    'C11: finds nobody who listens: the browser with the wallet in it has no open port',
    async () => {
      // Served once, so that all of the wallet that runs for a call has run.
      expect(await tryToSpend(world, await world.emptyPage())).toBe('served')
      const { pid } = world.driver.browser.process() ?? {}

      expect(listeningPorts(pid ?? 0)).toEqual([])
      // The same look finds the fake providers, which listen in this very process.
      expect(listeningPorts(process.pid)).toContain(world.fakes.port)
    },
  )

  it('C11: another extension, which is no page either, finds no door', async () => {
    const { browser, extensionId } = world.driver
    const spy = await browser.waitForTarget(
      (one) => one.type() === TargetType.SERVICE_WORKER && !one.url().includes(extensionId),
    )
    const log = await world.driver.newPage(new URL('log.html', spy.url()).href)
    const answers = await log.evaluate(knock, extensionId)
    await log.close()

    // The spy speaks the wallet's own form of message: it is not refused for a form it does not know.
    const nobody = 'Could not establish connection. Receiving end does not exist.'
    expect(answers).toEqual({ message: nobody, page: nobody, offscreen: nobody })
  })
})

/** Runs in a page of another extension: tries what our own pages use. */
async function knock(id: string) {
  const connect = (name: string) =>
    new Promise<string>((resolve) => {
      const port = chrome.runtime.connect(id, { name })
      port.onDisconnect.addListener(() => {
        resolve(chrome.runtime.lastError?.message ?? 'taken, and put down')
      })
      port.onMessage.addListener(() => {
        resolve('answered')
      })
      port.postMessage({ type: 'hello', version: 1 })
    })
  const message = await chrome.runtime
    .sendMessage(id, { method: 'status.get', params: {} })
    .then(JSON.stringify, (error: unknown) => (error instanceof Error ? error.message : 'other'))
  return { message, page: await connect('page'), offscreen: await connect('offscreen') }
}

/** The TCP ports a process and all below it listen on, as the system tells. */
function listeningPorts(pid: number): number[] {
  const inodes = new Set(processTree(pid).flatMap(socketInodes))
  return ['/proc/net/tcp', '/proc/net/tcp6'].filter(existsSync).flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      // Columns: local address, state (0A: listening), inode.
      .filter((columns) => columns[3] === '0A' && inodes.has(columns[9] ?? ''))
      .map((columns) => Number.parseInt(columns[1]?.split(':')[1] ?? '', 16)),
  )
}

function processTree(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    // The name in brackets may hold anything; the parent comes second after it.
    const stat = readOrNothing(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')
    parents.set(Number(name), Number(stat?.[1]))
  }
  const tree = [root]
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  }
  return tree
}

function socketInodes(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).flatMap((fd) => linkedSocket(`${folder}/${fd}`))
  } catch {
    // It ended meanwhile.
    return []
  }
}

function linkedSocket(path: string): string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1]?.split(' ') ?? []
  } catch {
    return []
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
