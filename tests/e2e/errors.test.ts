import { ERROR_TABLE, type ProviderId, type Terms } from '@valetkey/wallet/protocol'
import { TargetType, type Page } from 'puppeteer'
import { beforeEach, describe, expect, it } from 'vitest'
import { PROVIDER_OF } from '../support/client-matrix.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { fill, press } from '../support/driving/screens.ts'
import {
  APP,
  CHAT_URL,
  OTHER,
  PASSPHRASE,
  chatInit,
  fetchFrom,
  saysSentenceOf,
  useWorld,
} from './world.ts'

describe('what goes wrong is said, on screen and to the app', () => {
  const world = useWorld('site')

  beforeEach(async () => {
    if ((await ask<{ vault: string }>('status.get', {})).vault === 'locked') {
      await world.driver.unlock(PASSPHRASE)
    }
  })

  /** Runs an official client and counts how often it tried. */
  async function runClient(client: string, name: string): Promise<{ note: string; tries: number }> {
    const provider = PROVIDER_OF[client] ?? 'openai'
    const apiKey = await world.driver.valetKey(APP, provider)
    return runOn(await clientsPage(), { client, name, apiKey })
  }

  async function clientsPage(): Promise<Page> {
    const page = await world.driver.newPage(`${APP}/clients`)
    await page.waitForFunction(() => document.title === 'Clients ready')
    return page
  }

  function runOn(page: Page, call: { client: string; name: string; apiKey: string }) {
    return page.evaluate(async ({ client, name, apiKey }) => {
      const patched = window.fetch
      let tries = 0
      window.fetch = (...given) => {
        tries += 1
        return patched(...given)
      }
      const result = await window.runClient(client, name, { apiKey, prompt: 'Hi' })
      window.fetch = patched
      return { note: result.ok ? '' : result.note, tries }
    }, call)
  }

  it('a wrong passphrase: the popup says what to check, and the vault stays shut', async () => {
    await world.driver.lock()
    const popup = await world.window('popup.html')
    await fill(popup, 'Passphrase', 'not the passphrase at all')
    await press(popup, 'button', 'Unlock')

    await saysSentenceOf(popup, 'vault.unlock_failed')
    await popup.close()
    await world.driver.unlock(PASSPHRASE)
  })

  it('a locked vault: each official client raises its own error with our sentence, once', async () => {
    const page = await clientsPage()
    const apiKeys = new Map<ProviderId, string>()
    for (const provider of ['openai', 'anthropic', 'google', 'groq'] as const) {
      apiKeys.set(provider, await world.driver.valetKey(APP, provider))
    }
    await world.driver.lock()
    for (const [client, name] of [
      ['openai', 'chat'],
      ['@anthropic-ai/sdk', 'messages'],
      ['anthropic-sdk-0', 'messages'],
      ['@google/genai', 'generateContent'],
      ['groq-sdk', 'chat'],
      ['@ai-sdk/openai', 'generateText'],
      ['@ai-sdk/anthropic', 'generateText'],
    ] as const) {
      const apiKey = apiKeys.get(PROVIDER_OF[client] ?? 'openai') ?? ''
      const { note, tries } = await runOn(page, { client, name, apiKey })

      expect(note, client).toContain(ERROR_TABLE['vault.locked'].message)
      expect(tries, client).toBe(1)
    }
    await world.driver.unlock(PASSPHRASE)
    expect(world.fakes.requests).toEqual([])
  })

  it('a locked vault is told as 423 in the provider’s shape', async () => {
    const valetKey = await world.driver.valetKey(APP, 'openai')
    await world.driver.lock()
    const reply = await fetchFrom(await world.emptyPage(), CHAT_URL, chatInit(valetKey))
    await world.driver.unlock(PASSPHRASE)

    expect(reply.status).toBe(423)
    expect(reply.headers).toMatchObject({
      'x-valetkey-error': 'vault.locked',
      'x-should-retry': 'false',
    })
    expect(reply.text).toContain('"code":"vault.locked"')
  })

  it('a provider’s 401 reaches the app as the provider’s own error, without a trace of the key', async () => {
    world.fakes.behave({ status: 401, echo: { form: 'masked', place: 'error' } })

    const { note } = await runClient('openai', 'chat')

    expect(note).toMatch(/401/)
    expect(note).not.toContain(world.keys.openai.slice(-4))
    expect((await world.driver.usage())[0]).toMatchObject({ ending: 'refused', costNanoUsd: 0 })
  })

  it('a budget that is too small: 402, nothing sent, and the popup says so', async () => {
    const { terms } = await siteGrant(APP)
    await switchOnAnew({ ...terms, budgets: [{ usd: '0.000001', window: 'month' }] })

    const { note, tries } = await runClient('openai', 'chat')

    expect(note).toContain(ERROR_TABLE['budget.exceeded'].message)
    expect(tries).toBe(1)
    expect(world.fakes.requests).toEqual([])
    const popup = await world.window(`popup.html?site=${encodeURIComponent(APP)}`)
    await saysSentenceOf(popup, 'budget.exceeded')
    await popup.close()
    await switchOnAnew(terms)
  })

  it('a model that was not allowed: 403 that names what to do', async () => {
    const { terms } = await siteGrant(APP)
    const providers = terms.providers.map((one) => ({ ...one, models: ['some-other-model'] }))
    await switchOnAnew({ ...terms, providers })

    const { note, tries } = await runClient('groq-sdk', 'chat')

    expect(note).toContain(ERROR_TABLE['grant.model_denied'].message)
    expect([tries, world.fakes.requests.length]).toEqual([1, 0])
    await switchOnAnew(terms)
  })

  it('a site that was refused in the consent window stays off, and the permission is given back', async () => {
    const popup = await world.window(`popup.html?site=${encodeURIComponent(OTHER)}`)
    await preApprovePermission(world.driver.browser, world.driver.extensionId, OTHER)
    await press(popup, 'switch', 'Use ValetKey on this site')
    await world.driver.answerConsent('deny')

    await expect
      .poll(() => popup.evaluate(() => chrome.permissions.getAll().then(({ origins }) => origins)))
      .not.toContain(`${OTHER}:443/*`)
    const { state } = await ask<{ state: string }>('site.get', { origin: OTHER })
    expect(state).toBe('off')
    await popup.close()
  })

  it('a disk that is full: nothing half saved, and the window says so (C86)', async () => {
    const popup = await world.window('popup.html')
    const before = await keysOf()
    const worker = await workerOf()
    await worker?.evaluate(() => {
      const store = IDBObjectStore.prototype as { put: unknown; realPut?: unknown }
      store.realPut = store.put
      store.put = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    })
    await press(popup, 'button', 'Add a key')
    await fill(popup, 'Key', world.keys.openai)
    await press(popup, 'button', 'Save key')

    await saysSentenceOf(popup, 'vault.quota')
    await worker?.evaluate(() => {
      const store = IDBObjectStore.prototype as { put: unknown; realPut?: unknown }
      store.put = store.realPut
    })
    expect(await keysOf()).toEqual(before)
    await popup.close()
  })

  it('a record that cannot be read: its calls say so, every other key still works', async () => {
    const popup = await world.window('popup.html')
    const keys = await keysOf()
    const damaged = keys.find(({ provider }) => provider === 'openai')?.id ?? ''
    const valetKey = await world.driver.valetKey(APP, 'openai')
    await flipByte(popup, damaged)

    const reply = await fetchFrom(await world.emptyPage(), CHAT_URL, chatInit(valetKey))

    expect(reply).toMatchObject({ status: 500 })
    expect(reply.headers['x-valetkey-error']).toBe('vault.corrupt')
    expect(world.fakes.requests).toEqual([])
    expect((await runClient('groq-sdk', 'chat')).note).toBe('')
    expect((await keysOf()).map(({ provider }) => provider).sort()).toEqual([
      'anthropic',
      'google',
      'groq',
    ])
    await flipByte(popup, damaged)
    await popup.close()
  })

  /** Asks the background as a window of ours does. */
  async function ask<T>(method: string, params: object): Promise<T> {
    const popup = await world.window('popup.html')
    const reply: unknown = await popup.evaluate((request) => chrome.runtime.sendMessage(request), {
      method,
      params,
    })
    await popup.close()
    return (reply as { result: T }).result
  }

  async function siteGrant(origin: string): Promise<{ terms: Terms }> {
    return (await ask<{ grant: { terms: Terms } }>('site.get', { origin })).grant
  }

  async function switchOnAnew(terms: Terms): Promise<void> {
    await ask('site.switch_off', { origin: APP })
    await world.driver.switchOnSite(APP, terms)
  }

  async function keysOf(): Promise<{ id: string; provider: string }[]> {
    const { keys } = await ask<{ keys: { id: string; provider: string }[] }>('key.list', {})
    return keys.map(({ id, provider }) => ({ id, provider }))
  }

  async function workerOf() {
    const target = world.driver.browser
      .targets()
      .find(
        (one) =>
          one.type() === TargetType.SERVICE_WORKER && one.url().includes(world.driver.extensionId),
      )
    return target?.worker()
  }
})

/** Flips one bit of a stored envelope, behind the wallet's back. */
async function flipByte(page: Page, recordId: string): Promise<void> {
  await page.evaluate(
    (id) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('valetkey-vault')
        opening.onerror = () => {
          reject(new Error('open'))
        }
        opening.onsuccess = () => {
          const rows = opening.result.transaction('rows', 'readwrite').objectStore('rows')
          const reading = rows.get(id)
          reading.onsuccess = () => {
            const row = reading.result as { envelope: Uint8Array }
            row.envelope[100] = (row.envelope[100] ?? 0) ^ 1
            rows.put(row)
          }
          rows.transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
    recordId,
  )
}
