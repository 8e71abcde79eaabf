import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  USUAL_LOCK,
  type LockSettings,
  type UiMethod,
  type UiParams,
  type UiReply,
} from '@valetkey/wallet/protocol'
import {
  createFakeClock,
  createMemoryVaultStore,
  createSeededRandom,
  fastTestKdf,
} from '@valetkey/wallet/testing'
import { createUnlockAttempts, type KitMark } from '@valetkey/wallet/vault'
import type { Unlocked } from '../../adapters/session-cache.ts'
import { Protection, lockPeriods } from '../protection.ts'
import { VaultSession } from '../vault-session.ts'
import type { Wallet } from '../wallet.ts'

// Other handlers reach for the browser, whose polyfill refuses to load without one.
vi.stubGlobal('chrome', { runtime: { id: 'valetkey' } })
vi.stubGlobal('browser', { runtime: { id: 'valetkey' } })
const { routeUiRequest } = await import('../router.ts')

const passphrase = 'a quiet harbour at dawn'
const newPassphrase = 'another harbour at dusk'
const clock = createFakeClock()
const random = createSeededRandom('vault handlers')
/** Everything written outside the vault, and the vault itself. */
let written: unknown[]
let wallet: Wallet

beforeEach(() => {
  written = []
  wallet = createWallet()
})

/** The parts the handlers of the vault touch, over memory. */
function createWallet(): Wallet {
  const store = createMemoryVaultStore()
  const vault = { store, kdf: fastTestKdf, clock: clock.now, random }
  const kept = <T>(initial: T) => {
    let value = initial
    const write = (next: T) => Promise.resolve(void written.push((value = next)))
    return { read: () => Promise.resolve(value), write }
  }
  const cache = kept<Unlocked | null>(null)
  const attempts = createUnlockAttempts({ store: kept<unknown>(undefined), clock: clock.now })
  const lock = kept<LockSettings>(USUAL_LOCK)
  const session = new VaultSession({
    ...{ vault, attempts, clock: clock.now, onLock: () => undefined },
    cache: { ...cache, clear: () => cache.write(null) },
    periods: async () => lockPeriods(await lock.read()),
  })
  const keptKit = kept<KitMark | null>(null)
  written.push(store.contents)
  const protection = new Protection({ vault, attempts, session, keptKit, phrase: kept(''), lock })
  const membership = { hasServer: () => Promise.resolve(false) }
  const announceChange = () => undefined
  const parts = { session, protection, membership, lock, random, announceChange }
  return parts as unknown as Wallet // the rest of a wallet is no business of these handlers
}

function ask<M extends UiMethod>(method: M, params: UiParams<M>): Promise<UiReply> {
  return routeUiRequest({ method, params }, wallet)
}

const codeOf = (reply: UiReply) => (reply.ok ? null : reply.error.code)

describe('a kit', () => {
  it.each(['vault.create', 'kit.renew', 'vault.rotate'] as const)(
    'leaves %s in its answer, and is written nowhere in clear (C116)',
    async (method) => {
      const first = await ask('vault.create', { passphrase })
      const reply =
        method === 'vault.create'
          ? first
          : await ask(method, { passphrase, ...(method === 'vault.rotate' && { passkeys: [] }) })

      expect(reply).toMatchObject({
        ok: true,
        result: { kit: { recoveryKey: expect.stringMatching(/^VR1-/) as string } },
      })
      const { kit } = (reply as { result: { kit: { recoveryKey: string } } }).result
      await ask('kit.confirm', { recoveryKey: kit.recoveryKey })
      const [part = ''] = kit.recoveryKey.slice('VR1-'.length).split('-')
      expect(JSON.stringify(written, bytesAsText)).not.toContain(part)
      expect(JSON.stringify(written, bytesAsText)).not.toContain(passphrase)
    },
  )

  it('is refused for another passphrase without a word of the vault’s', async () => {
    await ask('vault.create', { passphrase })

    const reply = await ask('kit.renew', { passphrase: newPassphrase })

    expect(codeOf(reply)).toBe('vault.unlock_failed')
    expect(JSON.stringify(reply)).not.toMatch(/V[KR]1-/)
  })
})

describe('a request of a window', () => {
  it.each([
    ['protection.set_lock', { ...USUAL_LOCK, idleMinutes: 0 }],
    ['protection.set_lock', { ...USUAL_LOCK, absoluteHours: Number.MAX_SAFE_INTEGER }],
    ['protection.set_phrase', { phrase: 'x'.repeat(61) }],
    ['vault.rotate', { passphrase }],
    ['vault.recover', { recoveryKey: '', newPassphrase }],
    ['passkey.add', { credentialId: 'AA', prf: { first: 'AA', second: 'AA' }, prfSalt: 'AA' }],
    ['vault.unlock_with_passkey', { credentialId: 'A='.repeat(9), prf: {} }],
  ])('is not taken where %s is asked as %j', async (method, params) => {
    await ask('vault.create', { passphrase })

    expect(codeOf(await routeUiRequest({ method, params }, wallet))).toBe(
      'protocol.invalid_message',
    )
  })

  it.each([
    ['kit.renew', { passphrase }],
    ['kit.confirm', { recoveryKey: 'VR1' }],
    ['vault.change_passphrase', { passphrase, newPassphrase }],
    ['vault.rotate', { passphrase, passkeys: [] }],
    ['protection.set_lock', USUAL_LOCK],
    ['protection.set_phrase', { phrase: 'mine' }],
    ['passkey.remove', { credentialId: 'AAAA' }],
  ])('%s does nothing to a vault that is locked', async (method, params) => {
    await ask('vault.create', { passphrase })
    await wallet.session.lock()

    expect(codeOf(await routeUiRequest({ method, params }, wallet))).toBe('vault.locked')
  })

  it('for a passphrase to offer is answered with another one each time', async () => {
    const offers = await Promise.all([1, 2].map(() => ask('vault.suggest_passphrase', {})))
    const [first, second] = offers.map((reply) => (reply.ok ? reply.result : null))

    expect(first).toEqual({
      passphrase: expect.stringMatching(/^(?:[a-z]+ ){5}[a-z]+$/) as string,
    })
    expect(first).not.toEqual(second)
  })
})

function bytesAsText(_name: string, value: unknown): unknown {
  if (value instanceof Map) return [...value.values()]
  return value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) : value
}
