/** The provider keys of an open vault, as a person at a terminal names them. */
import {
  PROVIDER_IDS,
  isValetKey,
  toBase64url,
  type Clock,
  type KeyId,
  type ProviderId,
  type ProviderKey,
  type Random,
  type RecordFields,
} from '@valetkey/wallet/protocol'
import { judgeBase, placeProvider, providerById, recogniseKey } from '@valetkey/wallet/providers'
import {
  orderAtEnd,
  ordersAtEnd,
  sortKeys,
  type ListedKey,
  type OpenVault,
} from '@valetkey/wallet/vault'
import { AgentError } from './agent-error.ts'

export interface NewKey {
  /** Undefined: whose form it has. */
  readonly provider: ProviderId | undefined
  readonly baseUrl: string | null
  readonly label: string
  /** As typed; empty where a server of the person's own wants none. */
  readonly secret: string
}

/** In the person's order, without secrets. */
export async function listKeys(vault: OpenVault): Promise<ListedKey[]> {
  const { records } = await vault.listKeys()
  return sortKeys(records)
}

/**
 * Saves a key.
 * @throws AgentError for text that is no key, or one that must not be kept
 */
export async function addKey(
  vault: OpenVault,
  { provider: named, baseUrl, label, secret }: NewKey,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<{ readonly id: KeyId; readonly provider: ProviderId; readonly label: string }> {
  const typed = secret.trim()
  const known = recogniseKey(typed, named ?? null)
  const provider = named ?? known?.provider
  if (provider === undefined) {
    throw new AgentError(`Whose key is it? Name the provider: ${PROVIDER_IDS.join(', ')}`)
  }
  const facts = placeProvider(providerById(provider), baseUrl)
  if (!facts) throw new AgentError(placeRefusal(provider, baseUrl))
  // C39: an admin key could do far more than call models; a valet key would have the wallet call itself.
  if (known?.storable === false || isValetKey(typed)) {
    throw new AgentError('This is no key for calling models. It was not saved.')
  }
  if (typed === '' && baseUrl === null) throw new AgentError('No key was typed.')
  const fields = {
    ...{ provider, baseUrl, label: label.trim() || facts.name, notes: '' },
    secret: typed === '' ? standIn(random) : (typed as ProviderKey),
    ...{ createdAt: clock(), expiresAt: null, lastTest: null, archived: false },
    order: orderAtEnd(await listKeys(vault)),
  }
  const id = await vault.createRecord('key', fields)
  return { id, provider, label: fields.label }
}

/** Sent where a server wants no key: it opens nothing, and stands in no reply by chance. */
function standIn(random: Random): ProviderKey {
  return `no-key-${toBase64url(random(24))}` as ProviderKey // a key is what is sent as one
}

function placeRefusal(provider: ProviderId, baseUrl: string | null): string {
  if (baseUrl === null) return `${provider} needs --base-url: its keys go to a server of your own.`
  const judged = judgeBase(baseUrl)
  const why = judged.outcome === 'refused' ? ` (${judged.reason})` : ''
  return `No key of ${provider} may be sent to this address${why}.`
}

/**
 * Adds what of other keys is not there yet, in one commit.
 * @returns how many were added
 */
export async function addMissingKeys(
  vault: OpenVault,
  keys: readonly RecordFields<'key'>[],
): Promise<number> {
  const { records } = await vault.listRecords('key')
  const known = new Set(records.map(({ fields }) => fields.secret))
  const missing = keys.filter(({ secret }) => !known.has(secret))
  const orders = ordersAtEnd(records, missing.length)
  await vault.createRecords(
    'key',
    missing.map((fields, index) => ({ ...fields, order: orders[index] ?? fields.order })),
  )
  return missing.length
}

/**
 * The one key a word names: its id, or its label.
 * @throws AgentError where it names none, or several
 */
export function findKey(keys: readonly ListedKey[], word: string): ListedKey {
  const named = keys.filter(({ id, fields }) => id === word || fields.label === word)
  const [found] = named
  if (!found) throw new AgentError(`No key is called ${word}. See: valetkey agent keys`)
  if (named.length > 1) throw new AgentError(`Several keys are called ${word}: use the id.`)
  return found
}
