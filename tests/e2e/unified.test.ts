import { describe, expect, it } from 'vitest'
import type * as Sdk from 'valetkey'
import { APP, useWorld } from './world.ts'

declare global {
  var sdk: typeof Sdk
  var connecting: Promise<Sdk.Session>
}

const WANTED: Sdk.ConnectOptions = {
  ...{ capabilities: ['chat'], providers: ['anthropic'], reason: 'To summarise your notes.' },
}

describe('an app that asks every provider in one format', () => {
  const world = useWorld('keys')

  it('streams from one with a form of its own, and is told what that has no words for', async () => {
    const page = await world.driver.newPage(`${APP}/sdk`)
    await page.waitForFunction('window.sdk')
    const isKnown = await page.evaluate(async (wanted) => {
      const known = await globalThis.sdk.reconnect(wanted)
      globalThis.connecting = known ? Promise.resolve(known) : globalThis.sdk.connect(wanted)
      return known !== null
    }, WANTED)
    if (!isKnown) await world.driver.answerConsent('allow')

    const { text, refusal } = await page.evaluate(async () => {
      const session = await globalThis.connecting
      const asked = {
        model: 'anthropic/claude-sonnet-5' as const,
        messages: [{ role: 'user' as const, content: 'Hi' }],
      }
      let said = ''
      const stream = await session.chat({ ...asked, stream: true })
      for await (const part of stream) said += part.choices[0]?.delta.content ?? ''
      const reply = await session.fetch(`${session.baseURL}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...asked, seed: 1 }),
      })
      return { text: said, refusal: (await reply.json()) as unknown }
    })

    expect(text).toContain('The valet parks the car')
    expect(refusal).toMatchObject({ error: { code: 'request.untranslatable', param: 'seed' } })
    const [sent] = world.fakes.requests.filter(({ path }) => path === '/v1/messages')
    expect(sent).toMatchObject({ provider: 'anthropic', key: world.keys.anthropic, valetKeys: [] })
    expect(world.fakes.violations).toEqual([])
  })
})
