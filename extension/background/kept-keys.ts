/** Provider keys a switched-on site still keeps in its own storage, and the valet keys that can stand there. */
import { WalletError, keysOf, type ProviderId } from '@valetkey/wallet/protocol'
import { recogniseKey } from '@valetkey/wallet/providers'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { PageEntry, PageStorage } from '../adapters/page-storage.ts'
import { findGrantOfSite } from './grants-of-sites.ts'

interface FoundKey {
  readonly entry: PageEntry
  readonly start: number
  readonly secret: string
  readonly provider: ProviderId
}

/** No key of any provider has another character in it. */
const RUN = /[A-Za-z0-9_.:-]{20,400}/g

/** What may stand in the place of what. */
interface Swap {
  /** The valet key the site was given for a provider, in the shape shown first. */
  readonly valetKeys: ReadonlyMap<ProviderId, string>
  /** The provider keys the site's grant uses. */
  readonly own: ReadonlyMap<string, ProviderId>
}

export class KeptKeys {
  readonly #storage: PageStorage

  constructor(storage: PageStorage) {
    this.#storage = storage
  }

  /** Whose keys the open pages of a site keep, as far as the site has a valet key to put there. */
  async find(vault: OpenVault, origin: string): Promise<readonly ProviderId[]> {
    const swap = await readSwap(vault, origin)
    return swap ? providersOf(await this.#search(origin, swap)) : []
  }

  /**
   * Puts the site's valet keys in their place.
   * @returns whose keys were replaced
   * @throws `grant.missing` where ValetKey is not on for the site
   */
  async replace(vault: OpenVault, origin: string): Promise<readonly ProviderId[]> {
    const swap = await readSwap(vault, origin)
    if (!swap) throw new WalletError('grant.missing')
    const found = await this.#search(origin, swap)
    const replaced: FoundKey[] = []
    for (const [entry, keys] of Map.groupBy(found, (key) => key.entry)) {
      if (await this.#storage.write(origin, entry, rewritten(entry.value, keys, swap))) {
        replaced.push(...keys)
      }
    }
    return providersOf(replaced)
  }

  async #search(origin: string, { valetKeys, own }: Swap): Promise<readonly FoundKey[]> {
    const placed = new Set(valetKeys.values())
    const found: FoundKey[] = []
    for (const entry of await this.#storage.read(origin)) {
      for (const { 0: secret, index: start } of entry.value.matchAll(RUN)) {
        if (placed.has(secret)) continue
        // A shape that other things have too counts only for a key the site's grant uses.
        const provider = own.get(secret) ?? recognised(secret)
        if (provider && valetKeys.has(provider)) found.push({ entry, start, secret, provider })
      }
    }
    return found
  }
}

/** Null where ValetKey is not on. */
async function readSwap(vault: OpenVault, origin: string): Promise<Swap | null> {
  const grant = await findGrantOfSite(vault, origin)
  if (grant?.fields.status !== 'active' && grant?.fields.status !== 'paused') return null
  const { terms, valetKeys } = grant.fields
  const own = new Map<string, ProviderId>()
  for (const keyId of terms.providers.flatMap(({ keys }) => keysOf(keys))) {
    const key = await vault.openProviderKey(keyId).catch(noKey)
    if (key) own.set(key.secret, key.provider)
  }
  // The first shape of a provider is set last, and stays.
  return {
    own,
    valetKeys: new Map(valetKeys.toReversed().map(({ provider, key }) => [provider, key])),
  }
}

/** One that is gone or damaged is in no page, as far as anyone can tell. */
function noKey(): null {
  return null
}

function recognised(text: string): ProviderId | null {
  const key = recogniseKey(text)
  return key?.storable === true && key.scope === 'anywhere' ? key.provider : null
}

function rewritten(value: string, keys: readonly FoundKey[], { valetKeys }: Swap): string {
  let text = ''
  let end = 0
  for (const { start, secret, provider } of keys) {
    text += value.slice(end, start) + (valetKeys.get(provider) ?? secret)
    end = start + secret.length
  }
  return text + value.slice(end)
}

function providersOf(found: readonly FoundKey[]): readonly ProviderId[] {
  return [...new Set(found.map(({ provider }) => provider))]
}
