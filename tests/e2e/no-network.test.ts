import { describe, expect, it } from 'vitest'
import { APP, chatInit, fetchFrom, saysSentenceOf, useWorld } from './world.ts'

const GROQ_URL = 'https://api.groq.com/openai/v1/chat/completions'

describe('a provider that cannot be reached', () => {
  // Nobody listens on port 1.
  const world = useWorld('site', { hosts: { 'api.groq.com': '127.0.0.1:1' } })

  it('rejects the app’s fetch as it would without us, and leaves no hold behind', async () => {
    const valetKey = await world.driver.valetKey(APP, 'groq')
    const reply = await fetchFrom(await world.emptyPage(), GROQ_URL, chatInit(valetKey))

    expect(reply).toMatchObject({ status: 0, rejected: 'TypeError' })
    expect((await world.driver.usage())[0]).toMatchObject({ provider: 'groq', ending: 'failed' })
  })

  it('is said in the popup of the site, and the key counts as not tested', async () => {
    const valetKey = await world.driver.valetKey(APP, 'groq')
    await fetchFrom(await world.emptyPage(), GROQ_URL, chatInit(valetKey))
    const popup = await world.window(`popup.html?site=${encodeURIComponent(APP)}`)

    await saysSentenceOf(popup, 'provider.network')
    expect(await popup.evaluate(() => document.body.innerText)).toContain('not tested')
    await popup.close()
  })
})
