import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { COPIED } from './copied-event.ts'
import { reportCopies } from './report-copies.ts'

/** The two members of the browser's class that matter; methods of a class, so that receivers are checked. */
class PageClipboard {
  readonly #written: unknown[] = []
  get written(): readonly unknown[] {
    return this.#written
  }
  writeText(text?: unknown): Promise<void> {
    if (arguments.length === 0) throw new TypeError('1 argument required, but only 0 present.')
    this.#written.push(text)
    return Promise.resolve()
  }
}

const { writeText: native } = PageClipboard.prototype
const original = Object.getOwnPropertyDescriptor(PageClipboard.prototype, 'writeText') ?? {}
let heard: unknown[] = []

beforeAll(() => {
  const page = Object.assign(new EventTarget(), { top: {} })
  page.top = page
  page.addEventListener(COPIED, (event) => heard.push((event as CustomEvent).detail))
  vi.stubGlobal('window', page)
  vi.stubGlobal('Clipboard', PageClipboard)
  reportCopies()
})
beforeEach(() => {
  heard = []
})
afterAll(() => {
  vi.unstubAllGlobals()
})

describe('the reporter of copies', () => {
  it('tells the text the page writes, which the browser gets all the same', async () => {
    const clipboard = new PageClipboard()
    await clipboard.writeText('one')

    expect([heard, clipboard.written]).toEqual([['one'], ['one']])
  })

  it('passes on anything but a text untouched, and tells nothing of it', async () => {
    const clipboard = new PageClipboard()
    let asked = 0
    const trap = { toString: () => `${(asked += 1)}` }
    await clipboard.writeText(trap)

    expect([heard, clipboard.written, asked]).toEqual([[], [trap], 0])
  })

  it('looks and fails as the native one', () => {
    const { writeText } = PageClipboard.prototype

    expect([writeText.name, writeText.length]).toEqual([native.name, native.length])
    expect(() => Reflect.apply(writeText, {}, ['x'])).toThrow(TypeError)
    expect(() => void writeText.call(new PageClipboard(), ...([] as unknown as [unknown]))).toThrow(
      '1 argument',
    )
    expect(Object.getOwnPropertyDescriptor(PageClipboard.prototype, 'writeText')).toMatchObject({
      ...{ writable: true, configurable: true, enumerable: original.enumerable },
    })
    expect(heard).toEqual([])
  })

  it('is there once, however often it is injected (C49)', async () => {
    reportCopies()
    await new PageClipboard().writeText('one')

    expect(heard).toEqual(['one'])
  })
})
