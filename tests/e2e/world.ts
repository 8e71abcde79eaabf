import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ERROR_TABLE,
  PROVIDER_IDS,
  type ErrorCode,
  type ProviderId,
} from '@valetkey/wallet/protocol'
import type { Frame, Page } from 'puppeteer'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { DEFAULT_HOSTS, startAppServer, type AppServer } from '../support/app-server.ts'
import { removeProfile } from '../support/browser.ts'
import { launch, type Driver } from '../support/driver.ts'
import { extensionWith } from '../support/extension-copy.ts'
import { startFakeProviders, type FakeProviders } from '../support/fake-providers.ts'
import { createTestKey } from '../support/test-keys.ts'

export const APP = 'https://app.example.test'
export const OTHER = 'https://other.example.test'
export const PASSPHRASE = 'correct horse battery staple'
export const EXTENSION_DIR = join(import.meta.dirname, '..', '..', '.output', 'chrome-mv3')

/** A browser with the built extension and the spy, the four providers, and apps nobody changed. */
export interface World {
  readonly driver: Driver
  readonly fakes: FakeProviders
  readonly apps: AppServer
  readonly keys: Readonly<Record<ProviderId, string>>
  /** A second key each provider takes; in no vault yet. */
  readonly spareKeys: Readonly<Record<ProviderId, string>>
  /** A third one, for pages to show: no sweep asks for it. */
  readonly pageKeys: Readonly<Record<ProviderId, string>>
  /** A page of the app with nothing on it. */
  emptyPage(origin?: string): Promise<Page>
  /** One of our own windows as a tab. */
  window(path: string): Promise<Page>
}

/** Host, or host:port, → ip:port. */
type Hosts = Readonly<Record<string, string>>

/** Those whose keys every world holds, if it does not say otherwise. */
const FOUR: readonly ProviderId[] = ['openai', 'anthropic', 'google', 'groq']

interface WorldOptions {
  /** The providers there are keys for. */
  readonly providers?: readonly ProviderId[]
  /** Hosts, or one port of a host, that lead elsewhere than to the fakes and the apps. */
  readonly hosts?: Hosts | ((fakes: FakeProviders) => Hosts)
  /** Names the app server goes by besides its usual ones. */
  readonly appHosts?: readonly string[]
  /** Optional permissions of the manifest, hosts among them, that count as given: nobody here can press the browser's dialog. */
  readonly given?: readonly string[]
  /** What the person set in the browser, as its file `Preferences` has it. */
  readonly preferences?: object
  /** False: no debugger keeps the worker alive. */
  readonly watchWorkers?: boolean
}

/**
 * Starts a world for the tests of a file. After each test every place outside the vault is swept for
 * every key, and the providers must have seen nothing that must not happen.
 * @param prepare `nothing`: no vault; `keys`: a vault with a key for each provider; `site`: and ValetKey
 * switched on for the app
 */
export function useWorld(prepare: 'nothing' | 'keys' | 'site', options: WorldOptions = {}): World {
  let world: World | null = null
  let close = (): Promise<void> => Promise.resolve()
  const providers = options.providers ?? FOUR

  beforeAll(async () => {
    const keys = keysOfEach('e2e')
    const spareKeys = keysOfEach('spare')
    const pageKeys = keysOfEach('page')
    const fakes = await startFakeProviders({
      keys: Object.fromEntries(
        PROVIDER_IDS.map((provider) => [
          provider,
          [keys[provider], spareKeys[provider], pageKeys[provider]],
        ]),
      ),
    })
    const apps = await startAppServer([...DEFAULT_HOSTS, ...(options.appHosts ?? [])])
    const hosts = typeof options.hosts === 'function' ? options.hosts(fakes) : options.hosts
    const given = options.given ?? []
    const extensionDir =
      given.length > 0 ? await extensionWith(EXTENSION_DIR, given) : EXTENSION_DIR
    const profileDir = options.preferences && (await profileWith(options.preferences))
    const driver = await launch({
      extensionDir,
      ...(profileDir === undefined ? {} : { profileDir }),
      // The browser takes the first rule that fits, and a host's rule fits each of its ports.
      hostMap: { ...hosts, ...fakes.hostMap, ...apps.hostMap, ...hosts },
      headless: true,
      watchWorkers: options.watchWorkers ?? true,
    })
    close = async () => {
      await driver.close()
      if (extensionDir !== EXTENSION_DIR) await rm(extensionDir, { recursive: true })
      if (profileDir !== undefined) await removeProfile(profileDir)
      await apps.close()
      await fakes.close()
    }
    world = {
      ...{ driver, fakes, apps, keys, spareKeys, pageKeys },
      emptyPage: (origin = APP) => driver.newPage(`${origin}/empty`),
      window: (path) => driver.newPage(`chrome-extension://${driver.extensionId}/${path}`),
    }
    if (prepare === 'nothing') return
    await driver.createVault(PASSPHRASE)
    await driver.addKeys(providers.map((provider) => [provider, keys[provider]]))
    if (prepare === 'site') await driver.switchOnSite(APP)
    fakes.reset()
  })

  afterEach(async () => {
    const { driver, fakes, keys, spareKeys } = started(world)
    const all = providers.flatMap((provider) => [keys[provider], spareKeys[provider]])
    // A world without keys has nothing that could be found.
    // Hostile pages are searched in each way there is.
    const isQuick = !expect.getState().testPath?.includes('/tests/attack/')
    if (all.length > 0) expect(await driver.canarySweep(all, { isQuick })).toEqual([])
    expect(fakes.violations).toEqual([])
    fakes.reset()
    for (const page of await driver.browser.pages()) {
      if (/^https?:/.test(page.url())) await page.close()
    }
  })

  afterAll(() => close())

  return new Proxy({} as World, {
    get: (_target, name) => started(world)[name as keyof World],
  })
}

/** A profile in which the browser starts with these settings. */
async function profileWith(preferences: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-profile-'))
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
  return folder
}

function keysOfEach(seed: string): Record<ProviderId, string> {
  const keys = PROVIDER_IDS.map((provider) => [provider, createTestKey(provider, seed)])
  return Object.fromEntries(keys) as Record<ProviderId, string>
}

function started(world: World | null): World {
  if (!world) throw new TypeError('The world has not started yet.')
  return world
}

/** What a page sees of one call. */
export interface SeenReply {
  readonly status: number
  readonly type: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The name of the error a rejected fetch came with. */
  readonly rejected: string | null
}

/** Makes a page or frame call a provider as an app would, by plain `fetch`. */
export function fetchFrom(place: Page | Frame, url: string, init: object): Promise<SeenReply> {
  return place.evaluate(
    async (target, given) => {
      const nothing = { status: 0, type: '', url: '', headers: {}, text: '' }
      try {
        const reply = await fetch(target, given)
        return {
          status: reply.status,
          type: reply.type,
          url: reply.url,
          headers: Object.fromEntries(reply.headers.entries()),
          text: await reply.text(),
          rejected: null,
        }
      } catch (error) {
        return { ...nothing, rejected: error instanceof Error ? error.name : String(error) }
      }
    },
    url,
    init,
  )
}

/** A chat call to OpenAI as an app makes it. */
export function chatInit(apiKey: string, body: object = {}): object {
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hi' }],
      ...body,
    }),
  }
}

export const CHAT_URL = 'https://api.openai.com/v1/chat/completions'

const SENTENCE_MS = 20_000

/** Waits until a window says the sentence of a code, and what to do about it. */
export async function saysSentenceOf(page: Page, code: ErrorCode): Promise<void> {
  const { message, action } = ERROR_TABLE[code]
  const text = (): Promise<string> => page.evaluate(() => document.body.innerText)
  await expect.poll(text, { timeout: SENTENCE_MS }).toContain(message)
  expect(await text()).toContain(action)
}
