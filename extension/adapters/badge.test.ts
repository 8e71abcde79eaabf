import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** The browser's own side, which outlives a worker. */
const toolbar = { text: '', title: '', icon: '' }
const stored: Record<string, unknown> = {}
/** Every text that was set, and how often an icon was. */
const drawn = { texts: [] as string[], icons: 0 }

/** A worker's life: the adapter starts anew, the toolbar stays. */
async function startWorker() {
  vi.resetModules()
  const { createBadge } = await import('./badge.ts')
  return createBadge(() => Date.now())
}

const settle = () => vi.advanceTimersByTimeAsync(1)

beforeEach(() => {
  vi.useFakeTimers()
  Object.assign(drawn, { texts: [], icons: 0 })
  Object.assign(toolbar, { text: '', title: 'ValetKey', icon: '/icon/16.png' })
  for (const key of Object.keys(stored)) Reflect.deleteProperty(stored, key)
  const runtime = { id: 'valetkey' }
  vi.stubGlobal('chrome', { runtime })
  vi.stubGlobal('browser', {
    runtime,
    storage: {
      session: {
        get: (key: string) => Promise.resolve(key in stored ? { [key]: stored[key] } : {}),
        set: (items: object) => Promise.resolve(void Object.assign(stored, items)),
      },
    },
    action: {
      setBadgeBackgroundColor: () => Promise.resolve(),
      setBadgeText: ({ text }: { text: string }) => {
        toolbar.text = text
        drawn.texts.push(text)
        return Promise.resolve()
      },
      setTitle: ({ title }: { title: string }) => {
        toolbar.title = title
        return Promise.resolve()
      },
      setIcon: ({ path }: { path: Record<string, string> }) => {
        drawn.icons += 1
        toolbar.icon = path['16'] ?? ''
        return Promise.resolve()
      },
    },
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('the badge', () => {
  it('shows that ValetKey is paused, in text, title and icon', async () => {
    const badge = await startWorker()
    badge.setPaused(true)
    await settle()

    expect(toolbar).toEqual({ text: 'II', title: 'ValetKey: paused', icon: '/icon/paused/16.png' })
  })

  it('is paused again after a call for the person was seen', async () => {
    const badge = await startWorker()
    badge.setPaused(true)
    badge.call('Look.')
    await settle()
    expect(toolbar).toMatchObject({ text: '!', title: 'ValetKey: Look.' })

    badge.clear()
    await settle()
    expect(toolbar).toMatchObject({ text: 'II', title: 'ValetKey: paused' })
  })

  it.each([true, false])('keeps an unseen call when paused becomes %s', async (paused) => {
    const badge = await startWorker()
    badge.call('Look.')
    badge.setPaused(paused)
    await settle()

    expect(toolbar).toMatchObject({ text: '!', title: 'ValetKey: Look.' })
  })

  it('keeps an unseen call over the death of the worker', async () => {
    const before = await startWorker()
    before.call('Look.')
    await settle()
    const after = await startWorker()
    after.setPaused(false)
    await settle()

    expect(toolbar).toMatchObject({ text: '!', title: 'ValetKey: Look.' })
  })

  it('clears a call of a former worker', async () => {
    const before = await startWorker()
    before.call('Look.')
    await settle()
    const after = await startWorker()
    after.clear()
    await settle()

    expect(toolbar).toMatchObject({ text: '', title: 'ValetKey' })
  })

  it('blinks for a call, and never over what nobody has seen', async () => {
    const badge = await startWorker()
    badge.blink()
    await settle()
    expect(toolbar.text).toBe('•')

    await vi.advanceTimersByTimeAsync(600)
    expect(toolbar.text).toBe('')

    badge.call('Look.')
    badge.blink()
    await settle()
    expect(toolbar.text).toBe('!')
  })

  it('blinks once for calls at the same time, and draws no icon for it', async () => {
    const badge = await startWorker()
    for (let call = 0; call < 20; call++) badge.blink()
    await vi.advanceTimersByTimeAsync(700)

    expect(drawn).toEqual({ texts: ['•', ''], icons: 0 })
  })

  it('wipes the point of a blink that a dead worker left behind', async () => {
    toolbar.text = '•'
    const badge = await startWorker()
    badge.setPaused(false)
    await settle()

    expect(toolbar.text).toBe('')
  })

  it('calls once in half a minute, however often it is asked to (C21)', async () => {
    const shown = () => drawn.texts.filter((text) => text === '!').length
    const badge = await startWorker()
    for (let call = 0; call < 50; call++) badge.call(`Look at ${call}.`)
    await settle()
    expect([shown(), toolbar.title]).toEqual([1, 'ValetKey: Look at 0.'])

    await vi.advanceTimersByTimeAsync(29_900)
    expect(shown()).toBe(1)
    // The newest reason is the one that is left to say.
    await vi.advanceTimersByTimeAsync(100)
    expect([shown(), toolbar.title]).toEqual([2, 'ValetKey: Look at 49.'])
  })

  it('calls once in half a minute also where every worker dies after it called (C21)', async () => {
    const shown = () => drawn.texts.filter((text) => text === '!').length
    for (let life = 0; life < 10; life++) {
      const badge = await startWorker()
      badge.call('Look.')
      await settle()
      badge.clear()
      await settle()
    }
    expect(shown()).toBe(1)

    await vi.advanceTimersByTimeAsync(30_000)
    const badge = await startWorker()
    badge.call('Look.')
    await settle()
    expect(shown()).toBe(2)
  })

  it('is not silenced for longer than that by a clock set back', async () => {
    const before = await startWorker()
    before.call('Look.')
    await settle()
    before.clear()
    vi.setSystemTime(Date.now() - 3_600_000)
    const after = await startWorker()
    after.call('Look.')
    await vi.advanceTimersByTimeAsync(30_000)

    expect(toolbar.text).toBe('!')
  })

  it('does not call again for what was refused before the person looked', async () => {
    const badge = await startWorker()
    badge.call('Look.')
    badge.call('Look again.')
    badge.clear()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(toolbar.text).toBe('')

    badge.call('Look.')
    await settle()
    expect(toolbar.text).toBe('!')
  })

  it('touches nothing at its creation', async () => {
    toolbar.text = '!'
    await startWorker()
    await settle()

    expect(toolbar.text).toBe('!')
  })
})
