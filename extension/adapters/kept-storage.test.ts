import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createId, type GrantId } from '@valetkey/wallet/protocol'
import { createSeededRandom } from '@valetkey/wallet/testing'
import type { Unlocked } from './session-cache.ts'

type Items = Record<string, unknown>
type Listener = (changes: Items, area: string) => void

const ORIGIN = 'https://app.example.test'
const IDLE_MS = 15 * 60_000

/** The browser's own side: what each worker, and every other context of ours, reads and writes. */
const stored: Record<'local' | 'session', Items> = { local: {}, session: {} }
let reads = 0
let writes = 0
let granted = true
let listeners: Listener[] = []
let permissionListeners: (() => void)[] = []

function area(name: 'local' | 'session') {
  const changed = (items: Items): void => {
    writes += 1
    for (const listener of listeners) listener(items, name)
  }
  return {
    get: (key: string) => {
      reads += 1
      return Promise.resolve(key in stored[name] ? { [key]: stored[name][key] } : {})
    },
    set: (items: Items) => {
      Object.assign(stored[name], items)
      changed(items)
      return Promise.resolve()
    },
    remove: (key: string) => {
      Reflect.deleteProperty(stored[name], key)
      changed({ [key]: {} })
      return Promise.resolve()
    },
  }
}
const local = area('local')
const session = area('session')

/** A worker's life: the adapters start anew, what is stored stays. */
async function startWorker() {
  vi.resetModules()
  listeners = []
  permissionListeners = []
  const { createSessionCache } = await import('./session-cache.ts')
  const { createSettingsStore } = await import('./settings-store.ts')
  const { createSiteIndex } = await import('./site-index.ts')
  const { createSitePermissions } = await import('./site-permissions.ts')
  return {
    cache: createSessionCache(),
    settings: createSettingsStore(),
    index: createSiteIndex(),
    permissions: createSitePermissions(),
  }
}

beforeEach(() => {
  Object.assign(stored, { local: {}, session: {} })
  granted = true
  const runtime = { id: 'valetkey' }
  const event = { addListener: (listener: () => void) => void permissionListeners.push(listener) }
  vi.stubGlobal('chrome', { runtime })
  vi.stubGlobal('browser', {
    runtime,
    storage: {
      ...{ local, session },
      onChanged: { addListener: (listener: Listener) => void listeners.push(listener) },
    },
    permissions: {
      ...{ onAdded: event, onRemoved: event },
      contains: () => ((reads += 1), Promise.resolve(granted)),
      remove: () => ((granted = false), Promise.resolve(true)),
    },
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

const unlocked = (seenAt: number): Unlocked => ({
  rootKeys: [{ epoch: 1, rootKey: 'k' }],
  ...{ lockAt: 1e9, idleLockAt: seenAt + IDLE_MS, seenAt },
})
const entry = {
  ...({ origin: ORIGIN, provider: 'openai', valetKeyHash: 'h' } as const),
  grantId: createId<GrantId>(createSeededRandom('index')),
}

describe('what a call asks of the browser', () => {
  it('costs one read each in a worker’s life', async () => {
    const { cache, settings, index, permissions } = await startWorker()
    const ask = () =>
      Promise.all([
        ...[cache.read(), settings.isPaused()],
        ...[index.find(ORIGIN, 'h'), permissions.holds(ORIGIN)],
      ])
    await ask()
    reads = 0
    for (let call = 0; call < 50; call++) await ask()

    expect(reads).toBe(0)
  })

  it('is a write no more than every ten seconds, though each call is a use', async () => {
    const { cache } = await startWorker()
    const first = unlocked(0)
    await cache.write(first)
    writes = 0
    for (let at = 0; at < 30_000; at += 500) await cache.write({ ...first, ...timesOf(at) })

    expect(writes).toBe(2)
    expect(await cache.read()).toMatchObject({ seenAt: 29_500 })
    // A worker that dies now forgets ten seconds of use at most: the vault locks that much early.
    const { cache: next } = await startWorker()
    expect(await next.read()).toMatchObject({ seenAt: 20_000, idleLockAt: 20_000 + IDLE_MS })
  })

  it('is written at once where more changed than the time', async () => {
    const { cache } = await startWorker()
    const first = unlocked(0)
    await cache.write(first)
    await cache.write({ ...first, rootKeys: [{ epoch: 2, rootKey: 'new' }], ...timesOf(1) })

    expect(stored.session['vault.unlocked']).toMatchObject({ rootKeys: [{ epoch: 2 }] })
  })
})

describe('what the worker remembers', () => {
  it('ends with a lock, whoever locked, in this life and the next', async () => {
    const { cache } = await startWorker()
    await cache.write(unlocked(0))
    await session.remove('vault.unlocked')
    expect(await cache.read()).toBeNull()

    await cache.write(unlocked(1))
    await cache.clear()
    expect(await cache.read()).toBeNull()
    expect(await (await startWorker()).cache.read()).toBeNull()
  })

  it('ends with a pause, whoever paused, in this life and the next', async () => {
    const { settings } = await startWorker()
    expect(await settings.isPaused()).toBe(false)
    await local.set({ 'settings.paused': true })
    expect(await settings.isPaused()).toBe(true)

    await settings.setPaused(false)
    expect(await settings.isPaused()).toBe(false)
    await settings.setPaused(true)
    expect(await (await startWorker()).settings.isPaused()).toBe(true)
  })

  it('ends with a revocation, whoever revoked, in this life and the next', async () => {
    const { index } = await startWorker()
    await index.replace([entry])
    expect(await index.find(ORIGIN, 'h')).toEqual(entry)
    await local.set({ sites: [] })
    expect(await index.find(ORIGIN, 'h')).toBeNull()

    await index.replace([entry])
    await index.replace([])
    expect(await index.find(ORIGIN, 'h')).toBeNull()
    expect(await (await startWorker()).index.entries()).toEqual([])
  })

  it('ends with the browser’s permission, whoever took it, in this life and the next', async () => {
    const { permissions } = await startWorker()
    expect(await permissions.holds(ORIGIN)).toBe(true)
    granted = false
    for (const listener of permissionListeners) listener()
    expect(await permissions.holds(ORIGIN)).toBe(false)

    granted = true
    const next = (await startWorker()).permissions
    expect(await next.holds(ORIGIN)).toBe(true)
    await next.giveBack(ORIGIN)
    expect(await next.holds(ORIGIN)).toBe(false)
  })
})

function timesOf(seenAt: number): Pick<Unlocked, 'seenAt' | 'idleLockAt'> {
  return { seenAt, idleLockAt: seenAt + IDLE_MS }
}
