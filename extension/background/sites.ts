/** Sites: switched on, paused, switched off; and what of it the browser must know. */
import {
  CAPABILITIES,
  WalletError,
  type Clock,
  type ErrorCode,
  type ErrorDetails,
  type GrantId,
  type ProviderId,
  type Random,
  type RecordId,
  type SiteState,
  type SiteStatus,
  type Terms,
} from '@valetkey/wallet/protocol'
import {
  assertTermsFit,
  compareTerms,
  defaultTerms,
  grantOf,
  type OfferedKey,
} from '@valetkey/wallet/grants'
import type { Ledger } from '@valetkey/wallet/metering'
import { assertInjectable, withoutLimits, type Caller } from '@valetkey/wallet/proxy'
import type { ListedKey, OpenVault } from '@valetkey/wallet/vault'
import type { SettingsStore } from '../adapters/settings-store.ts'
import type { SiteIndex, SiteIndexEntry } from '../adapters/site-index.ts'
import type { SitePermissions } from '../adapters/site-permissions.ts'
import type { SiteScripts } from '../adapters/site-scripts.ts'
import type { ForeignHosts } from './foreign-hosts.ts'
import {
  createGrant,
  findGrantOfSite,
  findGrantsOfSite,
  findStandingGrant,
  indexOf,
  keysInForce,
  originOfGrant,
  rewriteTerms,
  type GrantRecord,
} from './grants-of-sites.ts'

export interface SitesPorts {
  readonly index: SiteIndex
  readonly scripts: SiteScripts
  readonly permissions: SitePermissions
  readonly settings: SettingsStore
  readonly ledger: Ledger
  readonly foreignHosts: ForeignHosts
  readonly clock: Clock
  readonly random: Random
  /** The keys a grant may name, in the person's order. */
  readonly usableKeys: (vault: OpenVault) => Promise<readonly ListedKey[]>
  /** The site's status changed: its pages and our windows are told, its calls stopped if it is off. */
  readonly onChange: (origin: string, status: SiteStatus) => void
}

export class Sites {
  readonly #ports: SitesPorts
  readonly #refusals = new Map<string, NonNullable<SiteState['lastRefusal']>>()

  constructor(ports: SitesPorts) {
    this.#ports = ports
  }

  /** What a page may know: on, paused or nothing. Incognito pages are on their own. */
  async status(caller: Caller): Promise<SiteStatus> {
    if (caller.incognito) return 'none'
    if (!(await this.#switchedOn()).includes(caller.origin)) return 'none'
    if (!(await this.#ports.permissions.holds(caller.origin))) return 'none'
    return (await this.#ports.settings.isPaused()) ? 'paused' : 'on'
  }

  /** Codes of why a call was refused last, one for each site of this worker's life. */
  lastRefusals(): readonly string[] {
    return [...this.#refusals.values()].map(({ code }) => code)
  }

  /** What the popup shows about a site. */
  async describe(vault: OpenVault, origin: string, isAsking: boolean): Promise<SiteState> {
    const record = await findGrantOfSite(vault, origin)
    const lastRefusal = this.#refusals.get(origin) ?? null
    const foreignHost = await this.#ports.foreignHosts.untold(origin)
    const known = { origin, lastRefusal, foreignHost }
    if (!record) return { ...known, state: isAsking ? 'asking' : 'off', grant: null }
    const { terms, valetKeys, status } = record.fields
    const { id } = grantOf(record)
    const shown = keysInForce(valetKeys, terms)
    const usedNanoUsd = await this.#ports.ledger.used(id, terms.budgets)
    return {
      ...known,
      state: await this.stateOf(record),
      grant: { id, status, terms, valetKeys: shown, usedNanoUsd: [...usedNanoUsd] },
    }
  }

  /** The terms a consent window starts from: the first key of each provider, chat only. */
  async propose(vault: OpenVault): Promise<Terms> {
    const keys = await this.offeredKeys(vault)
    return defaultTerms({ now: this.#ports.clock(), keys, capabilities: ['chat'] })
  }

  /** The first key of each provider. */
  async offeredKeys(vault: OpenVault): Promise<OfferedKey[]> {
    const keys = new Map<ProviderId, OfferedKey>()
    for (const { id, fields } of await this.#ports.usableKeys(vault)) {
      if (!keys.has(fields.provider)) {
        keys.set(fields.provider, { provider: fields.provider, keyId: id })
      }
    }
    return [...keys.values()]
  }

  /**
   * The person allowed it. The grant is active at once if the browser permission is there, else when it
   * comes (formats §7).
   */
  async allow(vault: OpenVault, origin: string, terms: Terms): Promise<void> {
    assertTermsFit(await this.#ports.usableKeys(vault), terms)
    const before = await findGrantsOfSite(vault, origin)
    const holds = await this.#ports.permissions.holds(origin)
    const { clock, random } = this.#ports
    const connected = before[0]?.fields.connected === true
    const status = holds || connected ? 'active' : 'pending'
    await createGrant(vault, { origin, terms, status, now: clock(), random, connected })
    await revokeAll(vault, before)
    this.#refusals.delete(origin)
    await this.synchronise(vault)
    if (holds) await this.#ports.scripts.injectIntoOpenTabs(origin)
    // Calls of the terms before run under terms that are gone (C74).
    if (before.length > 0) this.#ports.onChange(origin, 'none')
    this.#ports.onChange(origin, holds ? 'on' : 'none')
  }

  /** A browser permission came: every grant that waited for one that is there now becomes active. */
  async activatePending(vault: OpenVault): Promise<void> {
    const { records } = await vault.listRecords('grant')
    for (const record of records) {
      const origin = originOfGrant(record.fields)
      if (record.fields.status !== 'pending' || origin === null) continue
      if (!(await this.#ports.permissions.holds(origin))) continue
      await vault.updateRecord('grant', record.id, { status: 'active' })
      await this.synchronise(vault)
      await this.#ports.scripts.injectIntoOpenTabs(origin)
      this.#ports.onChange(origin, 'on')
    }
  }

  /** Takes a site's access back: grant, index, scripts and the browser's permission. */
  async switchOff(vault: OpenVault, origin: string): Promise<void> {
    await revokeAll(vault, await findGrantsOfSite(vault, origin))
    await this.synchronise(vault)
    await this.#ports.permissions.giveBack(origin)
    await this.#ports.foreignHosts.forget(origin)
    this.#ports.onChange(origin, 'none')
  }

  /**
   * Changes how the calls of a site reach its providers.
   * @throws `grant.missing`; `grant.lane_denied` for limits that are not given up
   */
  async setLane(
    vault: OpenVault,
    origin: string,
    wanted: { lane: 'proxy' } | { lane: 'inject'; dropsLimits: boolean },
  ): Promise<void> {
    const record = await findGrantOfSite(vault, origin)
    if (!record) throw new WalletError('grant.missing')
    const { terms } = record.fields
    if (wanted.lane === 'inject') {
      const given: Terms = { ...terms, lane: 'inject' }
      if (!wanted.dropsLimits) assertInjectable(given)
      await vault.updateRecord('grant', record.id, { terms: withoutLimits(given) })
    } else {
      // No budget allows nothing: the usual one comes back.
      const { budgets } = defaultTerms({ now: this.#ports.clock(), keys: [] })
      const kept = terms.budgets.length > 0 ? terms.budgets : budgets
      await vault.updateRecord('grant', record.id, {
        terms: { ...terms, lane: 'proxy', budgets: kept },
      })
    }
    await this.synchronise(vault)
    // Calls of the lane before end with it.
    this.#ports.onChange(origin, 'none')
    this.#ports.onChange(origin, record.fields.status === 'paused' ? 'paused' : 'on')
  }

  /**
   * Changes the terms of a grant that stands. Calls that run go on where nothing became narrower.
   * @throws `grant.missing`; `request.unprocessable` for keys that cannot be used
   */
  async changeTerms(vault: OpenVault, grantId: GrantId, wanted: Terms): Promise<void> {
    const record = await findStandingGrant(vault, grantId)
    const { terms: before, status } = record.fields
    assertTermsFit(await this.#ports.usableKeys(vault), { ...wanted, lane: before.lane })
    // What no window shows stays as it is.
    const { sealed, usageShare, lane } = before
    const terms: Terms = {
      ...{ ...wanted, lane },
      ...(sealed && { sealed }),
      ...(usageShare && { usageShare }),
    }
    await rewriteTerms(vault, record, { terms, random: this.#ports.random })
    await this.synchronise(vault)
    const origin = originOfGrant(record.fields)
    if (origin === null) return
    this.#refusals.delete(origin)
    if (mayTalkLive(terms) && !mayTalkLive(before)) {
      await this.#ports.scripts.injectIntoOpenTabs(origin)
    }
    // C74: a call that runs under terms that are gone ends with them.
    const narrows = compareTerms(before, terms).some(({ wider }) => !wider)
    if (narrows) this.#ports.onChange(origin, 'none')
    this.#ports.onChange(origin, status === 'paused' ? 'paused' : 'on')
  }

  /** What was refused before is no news any more. */
  forgetRefusal(origin: string): void {
    this.#refusals.delete(origin)
  }

  /** From now on calls of this grant that cost no more than this are made unasked. @throws `grant.missing` */
  async raiseAskAbove(vault: OpenVault, grantId: GrantId, askAbove: string): Promise<void> {
    const record = await findStandingGrant(vault, grantId)
    const terms: Terms = { ...record.fields.terms, askAlways: false, askAbove }
    await vault.updateRecord('grant', record.id, { terms })
  }

  async setPaused(vault: OpenVault, origin: string, paused: boolean): Promise<void> {
    const record = await findGrantOfSite(vault, origin)
    if (!record) throw new WalletError('grant.missing')
    await vault.updateRecord('grant', record.id, { status: paused ? 'paused' : 'active' })
    await this.synchronise(vault)
    this.#ports.onChange(origin, paused ? 'paused' : 'on')
  }

  /** Makes index and page scripts what the vault says. Run after every change and at unlock. */
  async synchronise(vault: OpenVault): Promise<void> {
    const { records } = await vault.listRecords('grant')
    await this.#ports.index.replace(indexOf(records))
    const live = records.filter(
      ({ fields }) => fields.status !== 'revoked' && mayTalkLive(fields.terms),
    )
    await this.reconcileScripts(new Set(live.map(({ fields }) => originOfGrant(fields))))
  }

  /**
   * Other devices changed these records: index and scripts follow. What runs under a grant that was changed
   * ends, as its terms may be gone (C74).
   */
  async follow(vault: OpenVault, changed: readonly RecordId[]): Promise<void> {
    const ids = new Set<string>(changed)
    const before = await this.#ports.index.entries()
    const { records } = await vault.listRecords('grant')
    const touched = [
      ...before.filter(({ grantId }) => ids.has(grantId)).map(({ origin }) => origin),
      ...records.filter(({ id }) => ids.has(id)).map(({ fields }) => originOfGrant(fields)),
    ]
    await this.synchronise(vault)
    for (const origin of new Set(touched)) {
      if (origin === null) continue
      this.#refusals.delete(origin)
      this.#ports.onChange(origin, 'none')
      const record = await findGrantOfSite(vault, origin)
      const state = record && (await this.stateOf(record))
      if (state === 'on' || state === 'paused') this.#ports.onChange(origin, state)
    }
  }

  /**
   * Scripts without a grant, or without the permission, go; what is missing comes back (C115).
   * @param live the sites that may talk live, where the vault is open to say so
   */
  async reconcileScripts(live?: ReadonlySet<string | null>): Promise<void> {
    const origins = await this.#switchedOn()
    const held = await Promise.all(origins.map((origin) => this.#ports.permissions.holds(origin)))
    const patched = origins.filter((_origin, index) => held[index])
    await this.#ports.scripts.reconcile(
      patched.map((origin) => ({ origin, live: live?.has(origin) ?? null })),
    )
  }

  /**
   * What a caller's credential stands for. A valet key needs the browser to let us on the site still; an
   * app that is connected needs the person's consent alone (formats §7).
   */
  async find(caller: Caller, credentialHash: string): Promise<SiteIndexEntry | null> {
    if (caller.incognito) return null
    const entry = await this.#ports.index.find(caller.origin, credentialHash)
    if (entry?.provider === null) return entry
    return entry && (await this.#ports.permissions.holds(caller.origin)) ? entry : null
  }

  /** The browser took permissions away: their sites stop at once. */
  async onPermissionsRemoved(): Promise<void> {
    for (const origin of await this.#switchedOn()) {
      if (!(await this.#ports.permissions.holds(origin))) {
        this.#ports.onChange(origin, 'none')
      }
    }
    await this.reconcileScripts()
  }

  /** The sites whose pages are patched; those of apps that only connected are not. */
  async #switchedOn(): Promise<string[]> {
    const entries = await this.#ports.index.entries()
    const ofSites = entries.filter(({ provider }) => provider !== null)
    return [...new Set(ofSites.map(({ origin }) => origin))]
  }

  noteRefusal(origin: string, code: ErrorCode, details?: ErrorDetails): void {
    this.#refusals.set(origin, { code, at: this.#ports.clock(), ...(details && { details }) })
  }

  /** How a grant that was not taken back stands now. */
  async stateOf({ fields }: GrantRecord): Promise<SiteState['state']> {
    const origin = originOfGrant(fields)
    if (fields.terms.expiresAt <= this.#ports.clock()) return 'expired'
    if (fields.status === 'pending') return 'asking'
    // The person took the permission back in the browser's own settings.
    if (fields.connected === true && origin !== null) {
      return fields.status === 'paused' ? 'paused' : 'on'
    }
    if (origin === null || !(await this.#ports.permissions.holds(origin))) return 'blocked'
    return fields.status === 'paused' ? 'paused' : 'on'
  }
}

/** Pages that may open live sockets have a script for them. */
function mayTalkLive({ providers }: Terms): boolean {
  return providers.some(({ capabilities }) => capabilities.includes('realtime'))
}

/** A grant that was taken back never comes back, however many there were. */
async function revokeAll(vault: OpenVault, grants: readonly GrantRecord[]): Promise<void> {
  for (const { id } of grants) await vault.updateRecord('grant', id, { status: 'revoked' })
}

/** Every capability, for the consent window to choose from. */
export const OFFERED_CAPABILITIES = CAPABILITIES
