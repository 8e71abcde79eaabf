/** What is done to the vault when the kill comes: the extension's own requests, drawn by chance. */
import type { KeyId } from '@valetkey/wallet/protocol'
import type { Page } from 'puppeteer'
import { askFrom } from '../support/driving/extension-messages.ts'
import { createTestKey } from '../support/test-keys.ts'
import type { Draw } from './draw.ts'
import type { ModelKey, ModelVault } from './vault-model.ts'

/** A change of the vault: how it is asked for, and every state it may leave behind. */
export interface Change {
  readonly name: string
  readonly states: readonly [ModelVault, ...ModelVault[]]
  /** Whether hashing takes most of its time: then its writes come at the very end. */
  readonly hashes?: boolean
  /** Resolves once the extension acknowledged it. @returns what only its answer tells of the last state */
  run(page: Page): Promise<Partial<ModelVault>>
}

const FEWEST_KEYS = 3
const MOST_KEYS = 8
const NOTES_LIMIT = 9_000

type Draft = (vault: ModelVault, draw: Draw, seed: string) => Change | null

const OF_KEYS: readonly Draft[] = [
  ...[add, bring, update, update, replace, archive, reorder, reorder, remove],
]
const OF_THE_VAULT: readonly Draft[] = [changePassphrase, rotate, rotate, renewKit]
const RARE: readonly Draft[] = [lock, toggleReveal]
const OF_EACH = [OF_KEYS, OF_KEYS, OF_KEYS, OF_KEYS, OF_THE_VAULT, OF_THE_VAULT, RARE]

/** A change that fits the vault as it is. */
export function drawChange(vault: ModelVault, draw: Draw, seed: string): Change {
  for (;;) {
    const change = draw.pick(draw.pick(OF_EACH))(vault, draw, seed)
    if (change) return change
  }
}

/** Whose keys this browser can test. */
const PROVIDERS = ['openai', 'anthropic', 'google', 'groq'] as const

export function add(vault: ModelVault, draw: Draw, seed: string): Change | null {
  if (vault.keys.length >= MOST_KEYS) return null
  const provider = draw.pick(PROVIDERS)
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
      return {}
    },
  }
}

/** Several keys in one commit. */
function bring(vault: ModelVault, draw: Draw, seed: string): Change | null {
  if (vault.keys.length >= MOST_KEYS) return null
  const brought = Array.from({ length: 2 + draw.number(3) }, (): ModelKey => {
    const label = `brought ${draw.number(1_000_000)}`
    const rest = { notes: '', expiresAt: null, archived: false, lastTest: null }
    const secret = createTestKey('openai', `${seed} ${label}`)
    return { id: null, provider: 'openai', secret, label, ...rest }
  })
  const rows = brought.map(({ label, secret }) => `${label},${secret}\n`)
  const chosen = brought.map((_key, index) => ({ index, provider: 'openai' as const }))
  return {
    name: 'import.run',
    states: [vault, { ...vault, keys: [...vault.keys, ...brought] }],
    run: async (page) => {
      await askFrom(page, 'import.run', { text: `label,api_key\n${rows.join('')}`, chosen })
      return {}
    },
  }
}

function changePassphrase(vault: ModelVault, draw: Draw): Change {
  const newPassphrase = newPassphraseOf(draw)
  const { passphrase } = vault
  return {
    name: 'vault.change_passphrase',
    hashes: true,
    states: [vault, { ...vault, passphrase: newPassphrase }],
    run: async (page) => {
      await askFrom(page, 'vault.change_passphrase', { passphrase, newPassphrase })
      return {}
    },
  }
}

/** Another root key: every record is sealed anew, every wrap renewed. */
function rotate(vault: ModelVault, draw: Draw): Change {
  const { passphrase } = vault
  const newPassphrase = draw.number(2) === 0 ? passphrase : newPassphraseOf(draw)
  const rotation = {
    passphrase,
    passkeys: [],
    ...(newPassphrase !== passphrase && { newPassphrase }),
  }
  return {
    name: 'vault.rotate',
    hashes: true,
    states: [vault, { ...vault, passphrase: newPassphrase, recoveryKey: null }],
    run: async (page) => {
      const { kit } = await askFrom(page, 'vault.rotate', rotation)
      return { recoveryKey: kit.recoveryKey }
    },
  }
}

function renewKit(vault: ModelVault): Change {
  const { passphrase } = vault
  return {
    name: 'kit.renew',
    hashes: true,
    states: [vault, { ...vault, recoveryKey: null }],
    run: async (page) => {
      const { kit } = await askFrom(page, 'kit.renew', { passphrase })
      return { recoveryKey: kit.recoveryKey }
    },
  }
}

function newPassphraseOf(draw: Draw): string {
  return `correct horse battery ${draw.number(1_000_000)}`
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
      return {}
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
      return {}
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
      return {}
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
      return {}
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
      return {}
    },
  }
}
