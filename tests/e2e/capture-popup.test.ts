import { describe, expect, it } from 'vitest'
import type { Page } from 'puppeteer'
import { press, says } from '../support/driving/screens.ts'
import { createTestKey } from '../support/test-keys.ts'
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

/** What the window gets when a person pastes, or drops text or a file on it. */
function bring(page: Page, how: 'paste' | 'drop', text: string, fileName?: string): Promise<void> {
  return page.evaluate(
    (kind, given, name) => {
      const carried = new DataTransfer()
      if (name === null) carried.setData('text/plain', given)
      else carried.items.add(new File([given], name))
      const init = { bubbles: true, cancelable: true }
      document.body.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: carried })
          : new DragEvent('drop', { ...init, dataTransfer: carried }),
      )
    },
    how,
    text,
    fileName ?? null,
  )
}

describe('keys pasted or dropped anywhere', () => {
  const world = useWorld('keys')
  const fresh = (seed: string) => createTestKey('groq', `brought ${seed} ${String(Date.now())}`)

  it('opens the form for the one key of a message', async () => {
    const popup = await world.window('popup.html?site=https://app.example.test')
    await says(popup, 'Add a key')
    await bring(popup, 'paste', `Hi! The key is ${world.pageKeys.groq}, as you asked.`)
    await popup.waitForSelector('input[data-secret]')
    const box = await popup.$eval('input[data-secret]', (input) => input.value)
    expect(box).toBe(world.pageKeys.groq)
    expect(await findings(popup)).toEqual([])

    await bring(popup, 'paste', 'no key at all')
    await says(popup, 'No key in what you pasted.')
    await popup.close()
  })

  it('lists the keys of a text that has several, and saves what is ticked', async () => {
    const popup = await world.window('popup.html?site=https://app.example.test')
    await says(popup, 'Add a key')
    await bring(popup, 'paste', `mine is ${fresh('a')} and yours is ${fresh('b')}`)
    await says(popup, '2 keys in this text')
    expect(await findings(popup)).toEqual([])
    await press(popup, 'button', 'Bring in 2 keys')
    await says(popup, '2 keys saved.')
    await press(popup, 'button', 'Done')
    await says(popup, 'Add a key')
    await popup.close()
  })

  it.each([
    'popup.html?site=https://app.example.test',
    'dashboard.html#keys',
    'dashboard.html#transfer',
  ])('looks at a file dropped on %s', async (path) => {
    const page = await world.window(path)
    await page.waitForSelector('main h1')
    await bring(page, 'drop', `GROQ_API_KEY=${fresh('c')}\nOTHER=1\n`, '.env')
    await says(page, '1 key in a .env file')
    await page.close()
  })
})
