import { describe, expect, it } from 'vitest'
import { consentWindow } from '../support/driving/consent-screen.ts'
import { preApprovePermission } from '../support/driving/permission.ts'
import { press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { unreached } from './keyboard.ts'
import { APP, OTHER, PASSPHRASE, useWorld } from './world.ts'

describe('every screen is readable by everyone', () => {
  const world = useWorld('site')

  it('the popup: on for the site, off, and asking which site', async () => {
    for (const path of [
      `popup.html?site=${encodeURIComponent(APP)}`,
      `popup.html?site=${encodeURIComponent(OTHER)}`,
      'popup.html',
    ]) {
      const popup = await world.window(path)
      await popup.setViewport({ width: 360, height: 600 })
      await popup.waitForFunction(() => document.body.innerText.includes('Your keys'))

      expect(await findings(popup)).toEqual([])
      expect(await unreached(popup)).toEqual([])
      await popup.close()
    }
  })

  it('the popup: adding a key', async () => {
    const popup = await world.window('popup.html')
    await press(popup, 'button', 'Add a key')
    await waitFor(popup, 'box', () => popup.$('::-p-aria([name="Key"][role="textbox"])'))

    expect(await findings(popup)).toEqual([])
    await popup.close()
  })

  it('the consent window takes no answer before it had the focus for 600 ms (C54), nor a scripted click (C53)', async () => {
    await preApprovePermission(world.driver.browser, world.driver.extensionId, OTHER)
    const popup = await world.window(`popup.html?site=${encodeURIComponent(OTHER)}`)
    await press(popup, 'switch', 'Use ValetKey on this site')
    const consent = await consentWindow(world.driver.browser, world.driver.extensionId)
    const allow = await waitFor(consent, 'Allow', () =>
      consent.$('::-p-aria([name="Allow"][role="button"])'),
    )
    const disabled = () => allow.evaluate((button) => button.matches(':disabled'))
    const session = await consent.createCDPSession()
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false })
    await consent.evaluate(() => window.dispatchEvent(new Event('blur')))
    expect(await disabled()).toBe(true)

    await session.send('Emulation.setFocusEmulationEnabled', { enabled: true })
    await consent.bringToFront()
    expect(await allow.evaluate(armedAfterMs)).toBeGreaterThan(590)
    // Taken, it would be busy from then on, or gone.
    expect(await allow.evaluate(clickByScript).catch(() => 'closed')).toBe('idle')
    expect(consent.isClosed()).toBe(false)

    expect(await findings(consent)).toEqual([])
    await consent.$$eval('details', (folds) => {
      for (const fold of folds) fold.open = true
    })
    expect(await findings(consent)).toEqual([])
    expect(await unreached(consent)).toEqual([])
    await world.driver.answerConsent('deny')
    await popup.close()
  })

  it('the dashboard: every place of it, by the keyboard alone', async () => {
    const page = await world.window('dashboard.html')
    await waitFor(page, 'places', () => page.$('nav a'))
    const places = await page.$$eval('nav a', (links) => links.map(({ hash }) => hash))
    for (const place of places) {
      await page.goto(`${page.url().split('#')[0] ?? ''}${place}`)
      await page.reload()
      await waitFor(page, place, () => page.$(`nav a[aria-current][href="${place}"]`))
      await waitFor(
        page,
        'what is loaded',
        async () => !(await page.$('main [role=status] > .sr-only')),
      )

      expect(await unreached(page), place).toEqual([])
    }
    expect(places.length).toBeGreaterThan(2)
    await page.close()
  })

  it('the locked popup', async () => {
    await world.driver.lock()
    const popup = await world.window('popup.html')
    await waitFor(popup, 'box', () => popup.$('::-p-aria([name="Passphrase"][role="textbox"])'))

    expect(await findings(popup)).toEqual([])
    await popup.close()
    await world.driver.unlock(PASSPHRASE)
  })
})

describe('the first run', () => {
  const world = useWorld('nothing')

  it('is readable by everyone, and offered by the popup', async () => {
    const popup = await world.window('popup.html')
    await waitFor(popup, 'button', () =>
      popup.$('::-p-aria([name="Create your vault"][role="button"])'),
    )
    expect(await findings(popup)).toEqual([])
    await popup.close()

    const welcome = await world.window('welcome.html')
    await waitFor(welcome, 'box', () => welcome.$('::-p-aria([name="Passphrase"][role="textbox"])'))
    expect(await findings(welcome)).toEqual([])
    await welcome.close()
  })

  it.each([
    ['With my other device', 'Show a code'],
    ['With passphrase and recovery kit', 'Bring my vault here'],
    ['With the recovery kit alone', 'Bring my vault here'],
  ])('brings a vault from another device: %s', async (way, submit) => {
    const welcome = await world.window('welcome.html')
    await press(welcome, 'button', 'I use ValetKey on another device')
    await waitFor(welcome, way, () => welcome.$(`::-p-text(${way})`))
    expect(await findings(welcome)).toEqual([])
    expect(await unreached(welcome)).toEqual([])

    await welcome.click(`::-p-text(${way})`)
    await press(welcome, 'button', submit)
    await says(welcome, 'Type the address of your server.')
    expect(await findings(welcome)).toEqual([])
    expect(await unreached(welcome)).toEqual([])
    await welcome.close()
  })
})

/** Runs in the consent window, which has just got the focus. @returns how long its button waits then */
async function armedAfterMs(button: Element): Promise<number> {
  const startedAt = performance.now()
  window.dispatchEvent(new Event('focus'))
  while (performance.now() < startedAt + 5_000) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (!button.matches(':disabled')) break
  }
  return performance.now() - startedAt
}

/** Runs in the consent window. */
async function clickByScript(button: Element): Promise<string> {
  button.dispatchEvent(new MouseEvent('click', { bubbles: true }))
  await new Promise((resolve) => setTimeout(resolve, 300))
  return button.matches(':disabled') ? 'busy' : 'idle'
}
