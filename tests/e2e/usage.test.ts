import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NamedUsageRow } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { choose, press, says, textAt, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

const COLUMN = '[role="group"][aria-label="Columns of the chart"] button'

describe('the usage of a wallet', () => {
  const world = useWorld('site')
  let folder = ''
  let screen: Page

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-usage-'))
    const session = await world.driver.browser.target().createCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder })
    screen = await world.window('dashboard.html#usage')
  })

  afterAll(async () => {
    await screen.close()
    await rm(folder, { recursive: true, force: true })
  })

  const rowsShown = () =>
    screen.$$eval('table[aria-label="Calls"] tbody tr', (rows) => rows.map((row) => row.innerText))

  const rowCount = (count: number) =>
    waitFor(screen, `${count} rows`, async () =>
      (await rowsShown()).length === count ? true : null,
    )

  const focused = () =>
    screen.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')

  const download = (ending: string) =>
    waitFor(screen, `download ${ending}`, async () => {
      const name = (await readdir(folder)).find((each) => each.endsWith(ending))
      return name === undefined ? null : readFile(join(folder, name), 'utf8')
    })

  it('says what to do first while there is none', async () => {
    await says(screen, 'No calls yet')
    expect(await findings(screen)).toEqual([])
  })

  it('shows real calls in its figures, its chart, the budget and its rows', async () => {
    const valetKey = await world.driver.valetKey(APP, 'openai')
    const page = await world.emptyPage()
    expect((await fetchFrom(page, CHAT_URL, chatInit(valetKey))).status).toBe(200)
    world.fakes.behave({ provider: 'openai', status: 400, times: 1 })
    expect((await fetchFrom(page, CHAT_URL, chatInit(valetKey))).status).toBe(400)
    await screen.reload()
    await rowCount(2)

    const [refused = '', done = ''] = await rowsShown()
    for (const row of [refused, done]) {
      expect(row).toContain('app.example.test')
      expect(row).toContain('OpenAI · openai')
      expect(row).toContain('gpt-4o-mini')
    }
    expect(refused).toContain('refused by the provider')
    expect(done).toMatch(/\$0\.0\d+/)
    await says(screen, '1 failed or refused')
    await says(screen, 'Called for the first time: app.example.test.')
    const label = await screen.$eval('main svg[role="img"]', (svg) =>
      svg.getAttribute('aria-label'),
    )
    expect(label).toContain('Spend over time, 30 days')
    expect(await screen.$$eval('main svg[role="img"] rect', ({ length }) => length)).toBe(1)
    const meter = '[role="meter"][aria-label*="$5.00 a month spent"]'
    expect(await screen.$(meter)).not.toBeNull()
    expect(await findings(screen)).toEqual([])
  })

  it('is walked by keyboard, column by column, and read out', async () => {
    await screen.focus('[aria-label="By"] button:last-child')
    await screen.keyboard.press('Tab')
    expect(await focused()).toMatch(/: under \$0\.01, 2 calls$/)
    await screen.keyboard.press('ArrowLeft')
    expect(await focused()).toMatch(/: \$0\.00, 0 calls$/)
    await screen.keyboard.press('Home')
    expect(await focused()).toBe(
      await screen.$eval(COLUMN, (column) => column.getAttribute('aria-label')),
    )
    await screen.keyboard.press('Tab')
    expect(await screen.$eval(COLUMN, (column) => column === document.activeElement)).toBe(false)
  })

  it('is narrowed to an ending, and leaves as files with just that', async () => {
    await choose(screen, 'Ending', '1')
    await rowCount(1)
    expect((await rowsShown())[0]).toContain('refused by the provider')

    await press(screen, 'button', 'Save as CSV')
    await says(screen, 'Saved 1 call.')
    const [head, line, ...others] = (await download('.csv')).trimEnd().split('\r\n')
    expect(head).toMatch(/^"time","app","provider","key","model"/)
    expect(line).toContain('"app.example.test","openai","openai 1","gpt-4o-mini"')
    expect(others).toEqual([])

    await choose(screen, 'Ending', '-1')
    await rowCount(2)
    await press(screen, 'button', 'Save as JSON')
    await says(screen, 'Saved 2 calls.')
    const list = JSON.parse(await download('.json')) as NamedUsageRow[]
    expect(list.map(({ app, ending }) => [app, ending])).toEqual([
      ['app.example.test', 'refused'],
      ['app.example.test', 'done'],
    ])
  })

  it('goes by provider and by model, over other times', async () => {
    await press(screen, 'button', 'Provider')
    await waitFor(screen, 'legend', async () =>
      (await textAt(screen, 'section ul')).startsWith('OpenAI') ? true : null,
    )
    await press(screen, 'button', '12 months')
    await waitFor(screen, 'twelve columns', async () =>
      (await screen.$$(COLUMN)).length === 12 ? true : null,
    )
  })

  it('is kept as long as the person says, and erased when they say so, but for the budget', async () => {
    await choose(screen, 'Keep single calls', 'month')
    await waitFor(screen, 'choice that is kept', async () =>
      (await askFrom(screen, 'usage.retention_get', {})).keepDays === 30 ? true : null,
    )
    const used = async () =>
      (await askFrom(screen, 'site.get', { origin: APP })).grant?.usedNanoUsd ?? []
    const before = await used()
    await press(screen, 'button', 'Erase all usage')
    await press(screen, 'button', 'Erase it')
    await says(screen, 'No calls yet')

    expect(await world.driver.usage()).toEqual([])
    expect(before[0]).toBeGreaterThan(0)
    expect(await used()).toEqual(before)
    await screen.setViewport({ width: 420, height: 900 })
    const width = await screen.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(420)
  })
})
