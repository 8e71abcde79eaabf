import type { Terms } from '@valetkey/wallet/protocol'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { consentWindow } from '../support/driving/consent-screen.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { press, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

describe('a site that may use two keys of a provider (C73)', () => {
  const world = useWorld('keys')

  it('is given them in the consent window, in their order', async () => {
    await world.driver.addKey('openai', world.spareKeys.openai)
    await preApprovePermission(world.driver.browser, world.driver.extensionId, APP)
    const popup = await world.window(`popup.html?site=${encodeURIComponent(APP)}`)
    await press(popup, 'switch', 'Use ValetKey on this site')
    const consent = await consentWindow(world.driver.browser, world.driver.extensionId)
    const row = await waitFor(consent, 'row', () => consent.$('::-p-text(OpenAI key)'))
    await row.click()
    const boxes = await waitFor(consent, 'two boxes', async () => {
      const found = await consent.$$('details[open] input[type="checkbox"]')
      return found.length === 2 ? found : null
    })
    await boxes[1]?.click()
    await waitFor(consent, 'two keys', () => consent.$('::-p-text(2 keys)'))
    expect(await findings(consent)).toEqual([])
    await world.driver.answerConsent('allow')

    const terms = await waitFor(popup, 'grant', async (): Promise<Terms | null> => {
      const { grant, state } = await askFrom(popup, 'site.get', { origin: APP })
      return state === 'on' ? (grant?.terms ?? null) : null
    })
    const { keys } = await askFrom(popup, 'key.list', {})
    const own = keys.filter(({ provider }) => provider === 'openai').map(({ id }) => id)
    const choice = terms.providers.find(({ provider }) => provider === 'openai')?.keys
    expect(choice).toEqual({ pool: own })
    await popup.close()
  })

  it('is served by the second when the first is refused, and goes on with it', async () => {
    const { first, second } = { first: world.keys.openai, second: world.spareKeys.openai }
    const valetKey = await world.driver.valetKey(APP, 'openai')
    world.fakes.behave({ provider: 'openai', status: 429, times: 1 })
    const page = await world.emptyPage()
    const before = (await world.driver.usage()).length
    const reply = await fetchFrom(page, CHAT_URL, chatInit(valetKey))

    expect(reply).toMatchObject({ status: 200, rejected: null })
    expect(reply.text).toContain('The valet parks the car')
    expect(world.fakes.requests.map(({ key }) => key)).toEqual([first, second])
    expect((await fetchFrom(page, CHAT_URL, chatInit(valetKey))).status).toBe(200)
    expect(world.fakes.requests.at(-1)?.key).toBe(second)

    const rows = (await world.driver.usage()).slice(0, -before || undefined)
    expect(rows.map(({ status, ending }) => [status, ending]).sort()).toEqual([
      [200, 'done'],
      [200, 'done'],
      [429, 'refused'],
    ])
    expect(new Set(rows.map(({ keyId }) => keyId)).size).toBe(2)
    expect(rows.find(({ status }) => status === 429)?.costNanoUsd).toBe(0)
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(rows.length)
  })
})
