import type { CDPSession, Page, Protocol } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { keepKit } from '../support/driving/kit.ts'
import { fill, press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { PASSPHRASE, useWorld } from './world.ts'

type Authenticator = Protocol.WebAuthn.VirtualAuthenticatorOptions

const USUAL: Authenticator = {
  ...{ protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal' },
  ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  ...{ hasPrf: true, automaticPresenceSimulation: true },
}

describe('a passkey', () => {
  const world = useWorld('nothing')
  let page: Page
  let session: CDPSession
  let authenticatorId = ''

  beforeAll(async () => {
    await world.driver.createVault(PASSPHRASE)
    page = await world.window('dashboard.html#security')
    session = await page.createCDPSession()
    await session.send('WebAuthn.enable')
  })

  async function plugIn(options: Partial<Authenticator> = {}): Promise<void> {
    if (authenticatorId !== '') {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    }
    const added = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...USUAL, ...options },
    })
    authenticatorId = added.authenticatorId
  }

  async function add(passphrase = PASSPHRASE): Promise<void> {
    if (await page.$('::-p-aria([name="Add a passkey"][role="button"])')) {
      await press(page, 'button', 'Add a passkey')
    }
    await fill(page, 'Current passphrase', passphrase)
    await press(page, 'button', 'Add it')
  }

  const passkeys = async () => (await askFrom(page, 'passkey.list', {})).passkeys.length
  const state = async () => (await askFrom(page, 'status.get', {})).vault

  it('that cannot open a vault is told so, and a refused touch is no error', async () => {
    await plugIn({ hasPrf: false })
    await add()
    await says(page, 'This passkey cannot open a vault.')
    expect(await findings(page)).toEqual([])

    await plugIn({ isUserVerified: false })
    await add()
    await waitFor(page, 'button at rest', () =>
      page.$('::-p-aria([name="Add it"][role="button"]):not(:disabled)'),
    )
    expect(await page.$('[role="alert"]')).toBeNull()
    expect(await passkeys()).toBe(0)
  })

  it('is added with the passphrase, and opens the vault where it is locked', async () => {
    await plugIn()
    await add(`${PASSPHRASE}!`)
    await says(page, 'That passphrase does not open this vault.')
    await fill(page, 'Name', 'Work laptop')
    await add()
    await says(page, 'The passkey opens your vault now.')
    await says(page, 'not used yet')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Rename Work laptop')
    await fill(page, 'Name', 'My phone')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Save the name')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Rename My phone')
    expect(await passkeys()).toBe(1)
    await press(page, 'button', 'Lock now')

    await press(page, 'button', 'Use a passkey')

    await says(page, 'last used')
    expect(await state()).toBe('unlocked')
  })

  it('is offered by every window that asks for the passphrase', async () => {
    await world.driver.lock()
    for (const path of ['popup.html', 'consent.html?id=none', 'welcome.html']) {
      const window = await world.window(path)
      await waitFor(window, 'passkey', () =>
        window.$('::-p-aria([name="Use a passkey"][role="button"])'),
      )
      expect(await findings(window)).toEqual([])
      await window.close()
    }
    // The popup closes when the browser asks: it is touched in a tab.
    const popup = await world.window('popup.html')
    await press(popup, 'button', 'Use a passkey')
    await expect.poll(() => page.url()).toMatch(/dashboard\.html#unlock$/)
    await press(page, 'button', 'Use a passkey')
    await expect.poll(state).toBe('unlocked')
  })

  it('goes on opening the vault under a new root key once it is touched, and no longer once removed', async () => {
    await page.evaluate(() => {
      location.hash = 'security'
    })
    await press(page, 'button', 'Make a new root key')
    await fill(page, 'Current passphrase', PASSPHRASE)
    await press(page, 'button', 'Seal everything anew')
    await says(page, 'Keep your new recovery kit')
    await keepKit(page)
    await says(page, 'My phone')
    await press(page, 'button', 'Lock now')
    await press(page, 'button', 'Use a passkey')
    await says(page, 'My phone')

    await press(page, 'button', 'Remove My phone')
    expect(await findings(page)).toEqual([])
    await press(page, 'button', 'Remove it')
    await says(page, 'None yet.')

    await press(page, 'button', 'Lock now')
    await waitFor(page, 'box', () => page.$('::-p-aria([name="Passphrase"][role="textbox"])'))
    expect(await passkeys()).toBe(0)
    expect(await page.$('::-p-aria([name="Use a passkey"])')).toBeNull()
  })
})
