/** What is done to the vault when the kill comes: the extension's own requests, drawn by chance. */
import { PROVIDER_IDS, type KeyId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { askFrom } from '../support/driving/extension-messages.ts'
import { createTestKey } from '../support/test-keys.ts'
import type { Draw } from './draw.ts'
import type { ModelKey, ModelVault } from './vault-model.ts'

/** A change of the vault: how it is asked for, and every state it may leave behind. */
export interface Change {
  readonly name: string
  readonly states: readonly [ModelVault, ...ModelVault[]]
  /** Resolves once the extension acknowledged it. */
  run(page: Page): Promise<void>
}

const FEWEST_KEYS = 3
const MOST_KEYS = 8
const NOTES_LIMIT = 9_000

type Draft = (vault: ModelVault, draw: Draw, seed: string) => Change | null

const DRAFTS: readonly Draft[] = [add, update, update, replace, archive, reorder, reorder, remove]
const RARE: readonly Draft[] = [lock, toggleReveal]

/** A change that fits the vault as it is. */
export function drawChange(vault: ModelVault, draw: Draw, seed: string): Change {
  for (;;) {
    const change = draw.pick(draw.number(8) === 0 ? RARE : DRAFTS)(vault, draw, seed)
    if (change) return change
  }
}

export function add(vault: ModelVault, draw: Draw, seed: string): Change | null {
  if (vault.keys.length >= MOST_KEYS) return null
  const provider = draw.pick(PROVIDER_IDS)
  const label = `key ${draw.number(1_000_000)}`
  const secret = createTestKey(provider, `${seed} ${label}`)
  const key = { id: null, provider, secret, label, notes: '', expiresAt: null, archived: false }
  const withKey = (lastTest: ModelKey['lastTest']) => ({
    ...vault,
    keys: [...vault.keys, { ...key, lastTest }],
  })
  return {
    name: 'key.add',
    // The key is kept before it is tested, or a provider that hangs would cost the person the key.
    states: [vault, withKey(null), withKey('some')],
    run: async (page) => {
      await askFrom(page, 'key.add', { provider, secret, label })
    },
  }
}

function update(vault: ModelVault, draw: Draw): Change | null {
  const changes = {
    label: `key ${draw.number(1_000_000)}`,
    notes: String.fromCharCode(97 + draw.number(26)).repeat(draw.number(NOTES_LIMIT)),
    expiresAt: draw.number(2) === 0 ? null : Date.UTC(2031, draw.number(12)),
  }
  return ofOneKey('key.update', vault, draw, {
    changes,
    run: (page, keyId) => askFrom(page, 'key.update', { keyId, ...changes }),
  })
}

function replace(vault: ModelVault, draw: Draw, seed: string): Change | null {
  const secret = createTestKey('openai', `${seed} replaced ${draw.number(1_000_000)}`)
  const expiresAt = Date.UTC(2032, draw.number(12))
  return ofOneKey('key.replace', vault, draw, {
    changes: { secret, expiresAt, lastTest: 'some' },
    run: (page, keyId) => askFrom(page, 'key.replace', { keyId, secret, expiresAt }),
  })
}

function archive(vault: ModelVault, draw: Draw): Change | null {
  const archived = draw.number(2) === 0
  return ofOneKey('key.archive', vault, draw, {
    changes: { archived },
    run: (page, keyId) => askFrom(page, 'key.archive', { keyId, archived }),
  })
}

interface OneKeyChange {
  readonly changes: Partial<ModelKey>
  run(page: Page, keyId: KeyId): Promise<unknown>
}

function ofOneKey(
  name: string,
  vault: ModelVault,
  draw: Draw,
  { changes, run }: OneKeyChange,
): Change | null {
  const { id } = draw.pick(vault.keys)
  if (id === null) return null
  const keys = vault.keys.map((key) => (key.id === id ? { ...key, ...changes } : key))
  return {
    name,
    states: [vault, { ...vault, keys }],
    run: async (page) => {
      await run(page, id)
    },
  }
}

/** Mostly between the same two places: once there is no room left, every key is written anew at once. */
function reorder(vault: ModelVault, draw: Draw): Change | null {
  const moved = draw.pick(vault.keys)
  const others = vault.keys.filter((key) => key !== moved)
  const place = draw.number(4) === 0 ? draw.number(others.length + 1) : 1
  const before = others[place]?.id ?? null
  const keyId = moved.id
  if (keyId === null) return null
  const keys = [...others.slice(0, place), moved, ...others.slice(place)]
  return {
    name: 'key.reorder',
    states: [vault, { ...vault, keys }],
    run: async (page) => {
      await askFrom(page, 'key.reorder', { keyId, before })
    },
  }
}

function remove(vault: ModelVault, draw: Draw): Change | null {
  const { id } = draw.pick(vault.keys)
  if (id === null || vault.keys.length <= FEWEST_KEYS) return null
  return {
    name: 'key.remove',
    states: [vault, { ...vault, keys: vault.keys.filter((key) => key.id !== id) }],
    run: async (page) => {
      await askFrom(page, 'key.remove', { keyId: id })
    },
  }
}

/** Buries what was removed before. */
function lock(vault: ModelVault): Change {
  return {
    name: 'vault.lock',
    states: [vault],
    run: async (page) => {
      await askFrom(page, 'vault.lock', {})
    },
  }
}

function toggleReveal(vault: ModelVault): Change {
  const revealKeys = !vault.revealKeys
  return {
    name: 'settings.change',
    states: [vault, { ...vault, revealKeys }],
    run: async (page) => {
      const settings = await askFrom(page, 'settings.get', {})
      await askFrom(page, 'settings.change', { ...settings, revealKeys })
    },
  }
}
