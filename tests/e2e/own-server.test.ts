import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { preApprovePermission } from '../support/driving/permission.ts'
import { askFrom } from '../support/driving/extension-messages.ts'
import { choose, fill, press, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, useWorld } from './world.ts'

describe('a server on this computer', () => {
  const world = useWorld('nothing')
  const seen: (string | undefined)[] = []
  let server: Server
  let origin = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
      response.setHeader('content-type', 'application/json')
      const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
      response.end(JSON.stringify({ choices: [{ message: { content: 'From home' } }], usage }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // a TCP server has one
    origin = `http://127.0.0.1:${port}`
  })
  afterAll(() => server.close())

  it('answers an unmodified page once the person said it is theirs, and costs nothing (C27)', async () => {
    const { driver } = world
    await driver.createVault('correct horse battery staple')
    await preApprovePermission(driver.browser, driver.extensionId, origin)
    const popup = await world.window('popup.html')
    await press(popup, 'button', 'Add a key')
    await choose(popup, 'Provider', 'custom')
    await fill(popup, 'Server address', `${origin}/v1`)
    expect(await findings(popup)).toEqual([])
    await press(popup, 'button', 'Save key')
    expect((await askFrom(popup, 'key.list', {})).keys).toEqual([])
    // With the question, too.
    expect(await findings(popup)).toEqual([])
    await press(popup, 'checkbox', 'This server is mine')
    await press(popup, 'button', 'Save key')
    await waitFor(popup, 'the saved key', async () => {
      const { keys } = await askFrom(popup, 'key.list', {})
      return keys[0]?.lastTest?.outcome === 'works' ? keys[0].id : null
    })
    await popup.close()
    await driver.switchOnSite(APP)
    const valetKey = await driver.valetKey(APP, 'custom')
    const page = await world.emptyPage()
    const reply = await page.evaluate(
      async (url: string, key: string) => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
        const body = JSON.stringify({ model: 'llama3', messages: [] })
        const response = await fetch(url, { method: 'POST', headers, body })
        return response.text()
      },
      `${origin}/v1/chat/completions`,
      valetKey,
    )

    expect(reply).toContain('From home')
    expect(seen.at(-1)).toMatch(/^\/v1\/chat\/completions Bearer no-key-/)
    const [row] = await driver.usage()
    expect(row).toMatchObject({ provider: 'custom', model: 'llama3', costNanoUsd: 0 })
  })
})
