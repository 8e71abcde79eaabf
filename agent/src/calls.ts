/** The one way of a call: what `wallet/proxy` needs of its surroundings, without a browser. */
import { grantOf } from '@valetkey/wallet/grants'
import {
  createLedger,
  createRateLimits,
  type Ledger,
  type LimitPorts,
} from '@valetkey/wallet/metering'
import { ERROR_TABLE, WalletError, type KeyId } from '@valetkey/wallet/protocol'
import { providerById } from '@valetkey/wallet/providers'
import {
  credentialHash,
  providerTime,
  runCall,
  type CallReply,
  type Forward,
  type PageCall,
  type ProxyPorts,
} from '@valetkey/wallet/proxy'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { Client } from './clients.ts'
import type { WalletHome } from './wallet-home.ts'

export interface CallParts {
  readonly home: WalletHome
  readonly vault: OpenVault
  readonly forward: Forward
  readonly ask: ProxyPorts['ask']
  /** How much of what limits its grants this device may use up. */
  readonly limits: LimitPorts
  /** One line for the person, without anything of a call's content. */
  readonly note: (line: string) => void
}

export interface Calls {
  readonly ledger: Ledger
  /** The way of a call that a relay brings: nobody sits before it. */
  readonly relayed: ProxyPorts
  /** @throws `provider.network`, `request.aborted` */
  run(call: Omit<PageCall, 'credential'>, client: Client, signal: AbortSignal): Promise<CallReply>
}

export function createCalls({ home, vault, forward, ask, limits, note }: CallParts): Calls {
  const { clock, random } = home.vault
  const confirmTime = (id: Parameters<typeof providerById>[0]): Promise<number | null> =>
    providerTime(providerById(id), forward)
  const ledger = createLedger({ store: home.ledger, clock, confirmTime, limits })
  const turns = new Map<string, KeyId>()
  const shared: Omit<ProxyPorts, 'findSite'> = {
    ...{ clock, random, ledger, forward, ask, rateLimits: createRateLimits() },
    openVault: () =>
      Promise.resolve({
        readGrant: async (id) => {
          const fields = await vault.readGrant(id)
          return fields && grantOf({ id, fields })
        },
        openKey: (keyId) => openUsableKey(vault, keyId),
      }),
    isPaused: () => Promise.resolve(false),
    // Where a key goes was typed by the person, who said yes to a place on their own network.
    mayReach: () => Promise.resolve(true),
    noteRefusal: ({ origin }, code) => {
      note(`${nameOf(origin)}: ${ERROR_TABLE[code].message} (${code})`)
    },
    noteForeignHost: () => undefined,
    keyTurns: {
      read: (grantId, provider) => Promise.resolve(turns.get(`${grantId} ${provider}`) ?? null),
      write: (grantId, provider, keyId) => void turns.set(`${grantId} ${provider}`, keyId),
    },
    noteKeyRefused(keyId, meaning) {
      if (meaning === 'refused') void markRefused(vault, keyId, clock()).catch(() => undefined)
    },
    noteCall: () => undefined,
  }
  return {
    ledger,
    relayed: {
      ...shared,
      // Whose call it is, is found by the grant the relay names.
      findSite: () => Promise.resolve(null),
      noteRefusal: () => undefined,
    },
    run(call, { name, grant }, signal) {
      const credential = { grantRef: grant.id }
      const hash = credentialHash(credential)
      const site = { grantId: grant.id, provider: null }
      // Who calls was found by its token: it reaches its own grant and no other.
      const findSite: ProxyPorts['findSite'] = ({ origin }, asked) =>
        Promise.resolve(origin === originOf(name) && asked === hash ? site : null)
      const caller = { origin: originOf(name), incognito: false }
      return runCall({ ...call, credential }, caller, { ...shared, findSite }, signal)
    },
  }
}

const ORIGIN = 'valetkey-agent:'

function originOf(name: string): string {
  return ORIGIN + name
}

export function nameOf(origin: string): string {
  return origin.slice(ORIGIN.length)
}

/**
 * Opens a key for a call. One that was put away or removed is none, whatever a grant says.
 * @throws `request.not_found`, `vault.corrupt`
 */
async function openUsableKey(vault: OpenVault, keyId: KeyId) {
  const { archived, ...key } = await vault.openProviderKey(keyId)
  if (archived) throw new WalletError('request.not_found')
  return { keyId, ...key }
}

/** Once: a client that calls on must not have the vault written at every call. */
async function markRefused(vault: OpenVault, keyId: KeyId, at: number): Promise<void> {
  const fields = await vault.readRecord('key', keyId)
  if (!fields || fields.lastTest?.outcome === 'refused') return
  await vault.updateRecord('key', keyId, { lastTest: { at, outcome: 'refused' } })
}
