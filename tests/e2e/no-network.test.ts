import { describe, expect, it } from 'vitest'
import { APP, chatInit, fetchFrom, useWorld } from './world.ts'

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

  it('is said in the list of keys: this key could not be tested', async () => {
    const popup = await world.window('popup.html')
    await popup.waitForFunction(() => document.body.innerText.includes('Groq'))

    expect(await popup.evaluate(() => document.body.innerText)).toMatch(
      /not reached|could not be reached/i,
    )
    await popup.close()
  })
})
