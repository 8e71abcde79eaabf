import { setTimeout as sleep } from 'node:timers/promises'
import type { KeySummary, ProviderId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { fill, press, waitFor } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, CHAT_URL, chatInit, fetchFrom, useWorld } from './world.ts'

const list = async (page: Page): Promise<readonly KeySummary[]> =>
  (await askFrom(page, 'key.list', {})).keys

async function keyOf(page: Page, provider: ProviderId): Promise<KeySummary> {
  const key = (await list(page)).find((each) => each.provider === provider)
  if (!key) throw new Error(`no key of ${provider}`)
  return key
}

const heading = (page: Page, name: string) =>
  waitFor(page, `heading “${name}”`, () => page.$(`::-p-aria([name="${name}"][role="heading"])`))

const says = (page: Page, text: string) =>
  waitFor(page, `“${text}”`, async () =>
    (await page.evaluate(() => document.body.innerText)).includes(text) ? true : null,
  )

/** The names in the list, from top to bottom. */
const rows = (page: Page) =>
  page.$$eval('li[data-index]', (items) =>
    items
      .sort((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
      .map((item) => item.querySelector('a .font-medium')?.textContent),
  )

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.textContent ?? ''
  })

const DAY_MS = 86_400_000
const dayFromNow = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

/** A date box takes its value as a person's pick would give it. */
const pick = (page: Page, label: string, date: string) =>
  page.$eval(
    `::-p-aria([name="${label}"])`,
    (box, value) => {
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
      set?.call(box, value)
      box.dispatchEvent(new Event('input', { bubbles: true }))
    },
    date,
  )

describe('keys in the dashboard', () => {
  const world = useWorld('keys')
  const open = (item = '') => world.window(`dashboard.html#keys${item === '' ? '' : `/${item}`}`)

  it('are read, opened and edited by the keyboard alone, and axe finds nothing', async () => {
    const page = await open()
    await heading(page, 'Keys')
    await waitFor(page, 'rows', async () => ((await rows(page)).length === 4 ? true : null))
    expect(await findings(page)).toEqual([])

    await page.focus('li[data-index="0"] a')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    const name = (await rows(page)).at(-1) ?? ''
    await heading(page, name)
    expect(await focused(page)).toBe(name)
    expect(await findings(page)).toEqual([])

    await fill(page, 'Name', 'hackathon')
    await fill(page, 'Notes', 'until the end of May')
    await pick(page, 'Expires on', dayFromNow(3))
    await press(page, 'button', 'Save')
    await says(page, 'hackathon')

    const saved = (await list(page)).find(({ label }) => label === 'hackathon')
    expect(saved).toMatchObject({ notes: 'until the end of May' })
    expect(saved?.expiresAt).toBeGreaterThan(Date.now() + 2 * DAY_MS)

    await fill(page, 'Model', 'my-*')
    await fill(page, '$ in', '0.10')
    await fill(page, '$ out', '0.40')
    await press(page, 'button', 'Add price')
    await says(page, '$0.10 in, $0.40 out')
    expect(await findings(page)).toEqual([])
    const prices = async () => (await list(page)).find(({ id }) => id === saved?.id)?.prices
    expect(await prices()).toEqual([{ model: 'my-*', inputUsd: '0.10', outputUsd: '0.40' }])
    await press(page, 'button', 'Remove the price of my-*')
    await expect.poll(prices).toEqual([])
    await page.close()
  })

  it('are closed by Escape, the innermost first, but what was pasted stays', async () => {
    const page = await open()
    await waitFor(page, 'rows', async () => ((await rows(page)).length === 4 ? true : null))
    await page.focus('li[data-index="0"] a')
    const name = await focused(page)
    await page.keyboard.press('Enter')
    await press(page, 'button', 'Replace')
    await page.keyboard.sendCharacter('pasted')
    await page.keyboard.press('Escape')
    expect(await page.$eval('[aria-label] form input', (box) => box.value)).toBe('pasted')

    await fill(page, 'New key', '')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Escape')
    await waitFor(page, 'focus', async () => ((await focused(page)) === 'Replace' ? true : null))
    expect(page.url()).toContain('#keys/')

    await page.keyboard.press('Escape')
    await waitFor(page, 'focus', async () => ((await focused(page)) === name ? true : null))
    expect(page.url()).not.toContain('#keys/')
    await page.close()
  })

  it('that end soon are said in popup and dashboard, and by the badge', async () => {
    const page = await open()
    const { id: keyId } = await keyOf(page, 'groq')
    const expiresAt = Date.now() + 2.5 * DAY_MS
    const fresh = { keyId, label: 'soon over', notes: '', expiresAt }
    await askFrom(page, 'key.update', fresh)

    const badge = () => page.evaluate(() => chrome.action.getBadgeText({}))
    await expect.poll(badge, { timeout: 5000 }).toBe('!')
    expect(await page.evaluate(() => chrome.action.getTitle({}))).toContain('a key expires soon')
    await page.reload()
    await says(page, 'soon over expires in')
    expect(await findings(page)).toEqual([])
    const popup = await world.window('popup.html')
    await says(popup, 'soon over expires in')
    expect(await findings(popup)).toEqual([])

    await press(popup, 'button', 'Replace it')
    await heading(page, 'Groq · soon over')
    await askFrom(page, 'key.update', { ...fresh, expiresAt: null })
    await page.close()
  })

  it('are replaced in place: the id stays, a refused one changes nothing', async () => {
    const page = await open()
    const before = await keyOf(page, 'openai')
    await page.goto(`${page.url().split('#')[0] ?? ''}#keys/${before.id}`)
    await press(page, 'button', 'Replace')
    await fill(page, 'New key', `${world.spareKeys.openai.slice(0, -4)}nope`)
    await press(page, 'button', 'Test and replace')
    await says(page, 'OpenAI does not accept this key.')
    expect(await findings(page)).toEqual([])

    await fill(page, 'New key', world.spareKeys.openai)
    await press(page, 'button', 'Test and replace')
    await says(page, 'The new key is in place.')

    const after = await keyOf(page, 'openai')
    expect(after).toMatchObject({ id: before.id, label: before.label, createdAt: before.createdAt })
    expect(world.fakes.requests.at(-1)?.key).toBe(world.spareKeys.openai)
    await page.close()
  })

  it('that are deleted come back whole by Undo, or are gone for good', async () => {
    const page = await open()
    const before = await list(page)
    const { id, label } = await keyOf(page, 'anthropic')
    await page.goto(`${page.url().split('#')[0] ?? ''}#keys/${id}`)
    await press(page, 'button', 'Delete')
    await says(page, 'was deleted.')
    expect(await focused(page)).toBe('Undo')
    expect(await findings(page)).toEqual([])
    expect((await list(page)).map((key) => key.id)).not.toContain(id)

    await page.keyboard.press('Enter')
    await says(page, label)
    expect(await list(page)).toEqual(before)

    const { undoUntil } = await askFrom(page, 'key.remove', { keyId: id })
    await sleep(Math.max(0, undoUntil - Date.now()) + 500)
    await expect(askFrom(page, 'key.restore', { keyId: id })).rejects.toThrow('request.not_found')
    const stored = () => page.evaluate(() => chrome.storage.local.get('keys.removed'))
    await expect.poll(stored, { timeout: 5000 }).toEqual({ 'keys.removed': [] })
    await page.close()
  })

  it('are found as they are typed, and say so', async () => {
    const page = await open()
    await fill(page, 'Search keys', 'GOOGLE')
    await waitFor(page, 'one row', async () => ((await rows(page)).length === 1 ? true : null))
    expect(await page.$$('[data-handle]')).toEqual([])
    await fill(page, 'Search keys', 'nothing like it')
    await says(page, 'No key fits.')
    expect(await findings(page)).toEqual([])
    await page.keyboard.press('Escape')

    await waitFor(page, 'all rows', async () => ((await rows(page)).length > 1 ? true : null))
    await page.close()
  })

  it('are put in order by the arrow keys, for good, and the handle keeps the focus', async () => {
    const page = await open()
    await waitFor(page, 'rows', async () => ((await rows(page)).length > 2 ? true : null))
    const before = await rows(page)
    await page.focus('li[data-index="2"] [data-handle]')
    await page.keyboard.press('ArrowUp')
    const wanted = [before[0], before[2], before[1], ...before.slice(3)]
    await waitFor(page, 'the new order', async () =>
      JSON.stringify(await rows(page)) === JSON.stringify(wanted) ? true : null,
    )
    await waitFor(page, 'focus on the handle', async () =>
      (await focused(page)) === `Move ${before[2] ?? ''}` ? true : null,
    )
    await page.reload()

    await waitFor(page, 'rows', async () => ((await rows(page)).length > 2 ? true : null))
    expect(await rows(page)).toEqual(wanted)
    await page.close()
  })
})

describe('an archived key', () => {
  const world = useWorld('site')

  it('serves no site until it is brought back', async () => {
    const page = await world.window('dashboard.html#keys')
    // Wide enough for the list beside the key that is open.
    await page.setViewport({ width: 1440, height: 900 })
    const { id, label } = await keyOf(page, 'openai')
    await page.goto(`${page.url().split('#')[0] ?? ''}#keys/${id}`)
    await press(page, 'button', 'Archive')
    await press(page, 'button', 'Archived (1)')
    await says(page, label)
    expect(await findings(page)).toEqual([])
    const app = await world.emptyPage()
    const valetKey = await world.driver.valetKey(APP, 'openai')
    const refused = await fetchFrom(app, CHAT_URL, chatInit(valetKey))
    expect(refused.status).toBe(404)
    expect(world.fakes.requests).toEqual([])

    await page.bringToFront()
    await press(page, 'button', 'Bring it back')
    await waitFor(page, 'button', () => page.$('::-p-aria([name="Archive"][role="button"])'))

    expect((await fetchFrom(app, CHAT_URL, chatInit(valetKey))).status).toBe(200)
    await page.close()
  })
})

describe('a box for a key', () => {
  const world = useWorld('keys')
  const typed = (page: Page) =>
    page.$$eval('[data-secret]', (boxes) => boxes.map((box) => (box as HTMLInputElement).value))

  it.each([
    ['the popup', 'popup.html', 'Add a key'],
    ['the dashboard', 'dashboard.html#keys/new', null],
  ])('in %s is not filled, checked, corrected or kept by the browser', async (_, path, button) => {
    const page = await world.window(path)
    if (button !== null) await press(page, 'button', button)
    await fill(page, 'Key', world.spareKeys.groq)
    const box = await page.$eval('[data-secret]', (input) => ({
      type: input.getAttribute('type'),
      autocomplete: input.getAttribute('autocomplete'),
      spellcheck: (input as HTMLElement).spellcheck,
      autocorrect: input.getAttribute('autocorrect'),
      autocapitalize: input.getAttribute('autocapitalize'),
      ofForm: input.closest('form')?.getAttribute('autocomplete'),
      ignoredBy: ['data-1p-ignore', 'data-lpignore', 'data-bwignore'].filter((name) =>
        input.hasAttribute(name),
      ),
    }))

    expect(box).toEqual({
      ...{ type: 'password', autocomplete: 'new-password', spellcheck: false },
      ...{ autocorrect: 'off', autocapitalize: 'off', ofForm: 'off' },
      ignoredBy: ['data-1p-ignore', 'data-lpignore', 'data-bwignore'],
    })
    await page.close()
  })

  it('is empty after a reload, and when the person comes back to the page', async () => {
    const page = await world.window('dashboard.html#keys/new')
    await fill(page, 'Key', world.spareKeys.groq)
    expect(await typed(page)).toEqual([world.spareKeys.groq])
    await page.reload()
    await waitFor(page, 'box', () => page.$('[data-secret]'))
    expect(await typed(page)).toEqual([''])

    await fill(page, 'Key', world.spareKeys.groq)
    await page.goto(`chrome-extension://${world.driver.extensionId}/welcome.html`)
    await page.goBack()
    await waitFor(page, 'box', () => page.$('[data-secret]'))

    expect(await typed(page)).toEqual([''])
    await page.close()
  })
})
