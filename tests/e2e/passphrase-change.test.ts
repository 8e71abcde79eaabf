import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { choosePassphrase, keepKit } from '../support/driving/kit.ts'
import { fill, press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { PASSPHRASE, useWorld } from './world.ts'

const SECOND = 'nine lanterns under the old bridge'
const THIRD = 'four violins in a slow canoe'
const WRONG = 'That passphrase does not open this vault.'

describe('another passphrase', () => {
  const world = useWorld('keys')

  it('is judged, offered, and takes the place of the old one while the vault stays open', async () => {
    const page = await openForm()
    await fill(page, 'New passphrase', 'passwordpass12')
    await waitFor(page, 'judgement', () => page.$('input[aria-invalid="true"]'))
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Suggest a passphrase')
    await waitFor(page, 'six words', async () => {
      const offered = await page.$eval('input[type="text"]', (box) => box.value)
      return offered.split(' ').length === 6 ? true : null
    })
    await says(page, 'Six random words.')

    await change(page, `${PASSPHRASE}!`, SECOND)
    await says(page, WRONG)
    await change(page, PASSPHRASE, SECOND)

    await says(page, 'Your passphrase is changed.')
    expect(await askFrom(page, 'status.get', {})).toMatchObject({
      vault: 'unlocked',
      kitKept: true,
    })
    expect(await focused(page)).toBe('Change the passphrase')
    await page.close()
    await opensWith(SECOND, PASSPHRASE)
  })

  it('that leaked brings a new kit and says which keys to make anew, and where', async () => {
    const page = await openForm()
    const leaked = await waitFor(page, 'choice', () =>
      page.$('::-p-aria([name="Somebody else may know it"][role="checkbox"])'),
    )
    await leaked.click()

    await change(page, SECOND, THIRD)

    await says(page, 'Keep your new recovery kit')
    expect(await askFrom(page, 'status.get', {})).toMatchObject({ kitKept: false })
    await keepKit(page)
    await says(page, 'Now make your provider keys anew')
    const links = await waitFor(page, 'key pages', async () => {
      const found = await page.$$eval('main li a', (all) =>
        all.map(({ href }) => new URL(href).host),
      )
      return found.length > 0 ? found : null
    })
    expect(links.sort()).toEqual([
      'aistudio.google.com',
      'console.groq.com',
      'platform.claude.com',
      'platform.openai.com',
    ])
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'I am done')
    await says(page, 'You confirmed that you keep the kit in force.')
    expect((await askFrom(page, 'key.list', {})).keys).toHaveLength(4)
    await page.close()
    await opensWith(THIRD, SECOND)
  })

  async function openForm(): Promise<Page> {
    const page = await world.window('dashboard.html#security')
    await press(page, 'button', 'Change the passphrase')
    return page
  }

  async function change(page: Page, from: string, to: string): Promise<void> {
    await fill(page, 'Current passphrase', from)
    await choosePassphrase(page, to, { label: 'New passphrase', submit: 'Change it' })
  }

  async function opensWith(passphrase: string, former: string): Promise<void> {
    await world.driver.lock()
    await expect(world.driver.unlock(former)).rejects.toThrow(WRONG)
    await world.driver.unlock(passphrase)
  }
})

function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}
