import { describe, expect, it } from 'vitest'
import { press, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { PASSPHRASE, useWorld } from './world.ts'

describe('the dashboard', () => {
  const world = useWorld('keys')

  it('is reached from the popup, and is what the browser calls our options', async () => {
    const popup = await world.window('popup.html')
    await press(popup, 'button', 'Dashboard')
    const target = await world.driver.browser.waitForTarget((candidate) =>
      candidate.url().endsWith('/dashboard.html'),
    )
    const dashboard = await target.asPage()

    await waitFor(dashboard, 'heading', () =>
      dashboard.$('::-p-aria([name="Keys"][role="heading"])'),
    )
    expect(await dashboard.title()).toBe('Keys · ValetKey')
    expect(await findings(dashboard)).toEqual([])
    await dashboard.close()
  })

  it('asks for the passphrase while the vault is locked, and comes back to where it was', async () => {
    const dashboard = await world.window('dashboard.html#keys')
    await press(dashboard, 'button', 'Lock')
    await waitFor(dashboard, 'box', () =>
      dashboard.$('::-p-aria([name="Passphrase"][role="textbox"])'),
    )
    expect(await findings(dashboard)).toEqual([])

    await world.driver.unlock(PASSPHRASE)

    await waitFor(dashboard, 'heading', () =>
      dashboard.$('::-p-aria([name="Keys"][role="heading"])'),
    )
    await dashboard.close()
  })
})
