import { describe, expect, it } from 'vitest'
import { press, says } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { useWorld } from './world.ts'

const LOOKALIKE = 'https://platform.openal.com'

describe('the popup on a page that passes for a dashboard', () => {
  const world = useWorld('keys')

  it('C56: warns before anything else, and has no switch', async () => {
    const popup = await world.window(`popup.html?site=${encodeURIComponent(LOOKALIKE)}`)
    await says(popup, 'This is not platform.openai.com.')
    expect(await popup.$('[role=switch]')).toBeNull()
    expect(await popup.$eval('main a[href]', (link) => link.getAttribute('href'))).toBe(
      'https://platform.openai.com/',
    )
    expect(await findings(popup)).toEqual([])

    await press(popup, 'button', 'I know this page')
    await popup.waitForSelector('[role=switch]')

    await popup.reload()
    await says(popup, 'This is not platform.openai.com.')
    await popup.close()
  })
})
