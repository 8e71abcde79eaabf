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

  it('has its navigation beside what is open on a wide window, and above it on a narrow one', async () => {
    const dashboard = await world.window('dashboard.html#keys')
    const isBeside = async (width: number) => {
      await dashboard.setViewport({ width, height: 700 })
      const nav = await (await dashboard.waitForSelector('nav'))?.boundingBox()
      const main = await (await dashboard.waitForSelector('main'))?.boundingBox()
      return nav && main ? nav.x + nav.width <= main.x && nav.y < main.y + main.height : null
    }

    expect(await isBeside(1_200)).toBe(true)
    expect(await isBeside(500)).toBe(false)
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
