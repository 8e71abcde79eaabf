import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startServerProcess } from '../../server/src/testing/index.ts'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepKit } from '../support/driving/kit.ts'
import { fill, press, says, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { PASSPHRASE, useWorld } from './world.ts'

const GIVEN = { given: ['http://127.0.0.1/*'] }

describe('two people’s hands on two browsers', () => {
  const one = useWorld('keys', GIVEN)
  const other = useWorld('nothing', GIVEN)
  let folder: string
  let origin: string
  let stop = (): Promise<unknown> => Promise.resolve()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-sync-'))
    const port = await freePort()
    origin = `http://127.0.0.1:${String(port)}`
    const server = await startServerProcess(
      { VALETKEY_DATABASE: join(folder, 'sync.sqlite') },
      port,
    )
    stop = () => server.kill('SIGTERM')
  })
  afterAll(async () => {
    await stop()
    await rm(folder, { recursive: true })
  })

  it('set up sync, pair by code and words, and remove the device again', async () => {
    const mine = await one.window('dashboard.html#devices')
    await press(mine, 'button', 'Set up sync')
    await fill(mine, 'Server address', origin)
    await fill(mine, 'Current passphrase', PASSPHRASE)
    await press(mine, 'button', 'Set up sync')
    await keepKit(mine)
    await says(mine, 'No other device is in yet.')
    expect(await findings(mine)).toEqual([])

    const theirs = await other.window('welcome.html')
    await press(theirs, 'button', 'I use ValetKey on another device')
    await waitFor(theirs, 'way by pairing', () => theirs.$('::-p-text(With my other device)'))
    await theirs.click('::-p-text(With my other device)')
    await fill(theirs, 'Server address', origin)
    await press(theirs, 'button', 'Show a code')
    const code = await waitFor(theirs, 'code', async () => {
      const text = await theirs.evaluate(() => document.body.innerText)
      return /\b([0-9A-HJKMNP-TV-Z]{4})\W?([0-9A-HJKMNP-TV-Z]{4})\b/.exec(text)?.[0] ?? null
    })
    expect(await findings(theirs)).toEqual([])

    await mine.bringToFront()
    await press(mine, 'button', 'Add a device')
    await fill(mine, 'Code on the other device', code.toLowerCase())
    await press(mine, 'button', 'Go on')
    await fill(mine, 'Current passphrase', PASSPHRASE)
    await press(mine, 'button', 'Go on')
    const words = await wordsOn(mine)
    expect(words).toHaveLength(6)
    expect(await findings(mine)).toEqual([])
    expect(await wordsOn(theirs)).toEqual(words)
    await press(mine, 'button', 'They match')
    await theirs.bringToFront()
    await press(theirs, 'button', 'They match')
    await says(theirs, 'Your vault is on this device')

    await mine.bringToFront()
    await says(mine, 'The other device has your vault now.')
    await waitFor(mine, 'list with two devices', async () =>
      (await mine.$$('main li')).length === 2 ? true : null,
    )
    const [removal] = await mine.$$('main li button[aria-label^="Remove"]')
    await removal?.click()
    await says(mine, 'It reads nothing that is written from now on.')
    expect(await findings(mine)).toEqual([])
    await fill(mine, 'Current passphrase', PASSPHRASE)
    await press(mine, 'button', 'Remove it and seal everything anew')
    await keepKit(mine)
    await says(mine, 'The device you removed still has these keys.')
    await press(mine, 'button', 'I am done')
    await says(mine, 'No other device is in yet.')
  })
})

/** The six words a screen shows, in their order. */
function wordsOn(page: Page): Promise<readonly string[]> {
  return waitFor(page, 'six words', async () => {
    const words = await page.$$eval('[aria-label="Six words"] li', (items) =>
      items.map(({ textContent }) => textContent.replace(/^\d+\W*/, '').trim()),
    )
    return words.length === 6 ? words : null
  })
}
