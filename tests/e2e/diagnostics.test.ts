import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { unreached } from './keyboard.ts'
import { APP, useWorld } from './world.ts'

const PICTURES = process.env['VALETKEY_PICTURES'] ?? ''
const world = useWorld('site')

it('copies to the letter what it shows, and names a site only when ticked', async () => {
  const page = await world.window('dashboard.html#about')
  await page.setViewport({ width: 1000, height: 800 })
  const shown = async () => {
    const text = await waitFor(page, 'diagnostics', () => page.$('[data-testid="diagnostics"]'))
    return text.evaluate((element) => element.textContent)
  }
  const plain = await shown()
  expect(JSON.parse(plain)).toMatchObject({
    vault: 'unlocked',
    environment: { browser: { name: 'chrome' } },
    contents: { apps: { on: 1 } },
  })
  expect(plain).not.toContain('example.test')
  for (const key of Object.values(world.keys)) expect(plain).not.toContain(key)
  expect(await findings(page)).toEqual([])
  expect(await unreached(page)).toEqual([])

  await page.evaluate(() => {
    navigator.clipboard.writeText = (text) => {
      document.body.dataset['copied'] = text
      return Promise.resolve()
    }
  })
  await press(page, 'checkbox', 'Add the sites you allowed')
  await expect.poll(shown, { timeout: 10_000 }).toContain(APP)
  await press(page, 'button', 'Copy diagnostics')
  await says(page, 'Copied')

  expect(await page.evaluate(() => document.body.dataset['copied'])).toBe(await shown())
  if (PICTURES === '') return
  mkdirSync(PICTURES, { recursive: true })
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
    await page.screenshot({ path: join(PICTURES, `about-${theme}.png`) })
  }
})
