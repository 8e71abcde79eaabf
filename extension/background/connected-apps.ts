/** Apps that asked for a grant themselves, through the SDK: no switch, no browser permission, the person's yes. */
import {
  WalletError,
  formatUsd,
  type AppStatus,
  type Clock,
  type ConnectRequest,
  type ConnectedGrant,
  type GrantId,
  type GrantUsage,
  type SiteStatus,
  type Terms,
} from '@valetkey/wallet/protocol'
import { assertTermsFit, coversRequest, proposeTerms } from '@valetkey/wallet/grants'
import { dayOf, type Ledger } from '@valetkey/wallet/metering'
import { offers } from '@valetkey/wallet/providers'
import type { Caller } from '@valetkey/wallet/proxy'
import type { ListedKey, OpenVault } from '@valetkey/wallet/vault'
import type { ConnectWish } from '../adapters/consent-store.ts'
import type { SettingsStore } from '../adapters/settings-store.ts'
import type { SiteIndex } from '../adapters/site-index.ts'
import { createConnectedGrant, findGrantOfSite, type GrantRecord } from './grants-of-sites.ts'
import type { Sites } from './sites.ts'

export interface ConnectedAppsPorts {
  readonly index: Pick<SiteIndex, 'findConnected'>
  readonly settings: Pick<SettingsStore, 'isPaused'>
  readonly ledger: Pick<Ledger, 'budgetUses' | 'days'>
  readonly clock: Clock
  readonly sites: Pick<Sites, 'offeredKeys' | 'changeTerms' | 'synchronise' | 'forgetRefusal'>
  /** The keys a grant may name. */
  readonly usableKeys: (vault: OpenVault) => Promise<readonly ListedKey[]>
  /** As of `Sites`: pages and windows are told, calls are stopped. */
  readonly onChange: (origin: string, status: SiteStatus) => void
}

export class ConnectedApps {
  readonly #ports: ConnectedAppsPorts

  constructor(ports: ConnectedAppsPorts) {
    this.#ports = ports
  }

  /** What an app may know: only one that is connected learns that the vault is locked (formats §9). */
  async status(caller: Caller, isLocked: boolean): Promise<AppStatus> {
    if (caller.incognito) return 'none'
    const entry = await this.#ports.index.findConnected(caller.origin)
    if (!entry) return 'none'
    if (entry.isPaused === true || (await this.#ports.settings.isPaused())) return 'paused'
    return isLocked ? 'locked' : 'on'
  }

  /**
   * The terms a consent window starts from.
   * @param origin of the app whose terms of now count; null: it is made a grant of its own
   */
  async propose(vault: OpenVault, origin: string | null, request: ConnectRequest): Promise<Terms> {
    const keys = await this.#ports.sites.offeredKeys(vault)
    const record = origin === null ? null : await findGrantOfSite(vault, origin)
    const standing = record?.fields.terms ?? null
    return proposeTerms({ ...{ request, keys, standing, can: offers }, now: this.#ports.clock() })
  }

  /** The grant that covers what an app asks for; null: the person has to be asked. */
  async findCovering(
    vault: OpenVault,
    origin: string,
    request: ConnectRequest,
  ): Promise<ConnectedGrant | null> {
    const record = await findConnected(vault, origin)
    if (record?.fields.terms.lane !== 'proxy') return null
    return coversRequest(record.fields.terms, request, this.#ports.clock())
      ? describe(record)
      : null
  }

  /** Whether nobody has to be asked about this wish any more. */
  async isCovered(
    vault: OpenVault,
    { origin, request }: Pick<ConnectWish, 'origin' | 'request'>,
  ): Promise<boolean> {
    return (await this.findCovering(vault, origin, request)) !== null
  }

  /** The grant of an app as it is told to it. @throws `grant.missing` */
  async read(vault: OpenVault, origin: string): Promise<ConnectedGrant> {
    const record = await findConnected(vault, origin)
    if (!record) throw new WalletError('grant.missing')
    return describe(record)
  }

  /**
   * The person allowed an app to be connected. A grant that stands keeps its id, and with it what was
   * spent: no app gets a fresh budget by asking again.
   * @throws `request.unprocessable` for keys that cannot be used
   */
  async allow(vault: OpenVault, origin: string, terms: Terms): Promise<void> {
    const { sites, clock, usableKeys, onChange } = this.#ports
    assertTermsFit(await usableKeys(vault), terms)
    const standing = await findGrantOfSite(vault, origin)
    if (standing) {
      const isPending = standing.fields.status === 'pending'
      await vault.updateRecord('grant', standing.id, {
        connected: true,
        ...(isPending && { status: 'active' }),
      })
      await sites.changeTerms(vault, standing.id, terms)
    } else {
      await createConnectedGrant(vault, { origin, terms, now: clock() })
      await sites.synchronise(vault)
      onChange(origin, 'on')
    }
    sites.forgetRefusal(origin)
  }

  /** The app gives its grant back; what the person switched on for the site themselves stays. @throws `grant.missing` */
  async disconnect(vault: OpenVault, origin: string, grantId: string): Promise<void> {
    const record = await requireConnected(vault, origin, grantId)
    const isSwitchedOn = record.fields.valetKeys.length > 0
    const change = isSwitchedOn ? { connected: false } : ({ status: 'revoked' } as const)
    await vault.updateRecord('grant', record.id, change)
    await this.#ports.sites.synchronise(vault)
    this.#ports.onChange(origin, 'none')
  }

  /** What an app spent under its grant. @throws `grant.missing` */
  async usage(vault: OpenVault, origin: string, grantId: string): Promise<GrantUsage> {
    const { ledger, clock } = this.#ports
    const { id, fields } = await requireConnected(vault, origin, grantId)
    const { budgets } = fields.terms
    const [[uses], days] = await Promise.all([
      ledger.budgetUses([{ id, budgets }]),
      ledger.days(dayOf(fields.createdAt), dayOf(clock())),
    ])
    return {
      budgets: budgets.map(({ usd, window }, index) => ({
        ...{ usd, window },
        usedUsd: formatUsd(uses?.[index]?.usedNanoUsd ?? 0),
        heldUsd: formatUsd(uses?.[index]?.heldNanoUsd ?? 0),
      })),
      total: totalOf(days, id),
    }
  }
}

type Days = Awaited<ReturnType<Ledger['days']>>

function totalOf(days: Days, grantId: GrantId): GrantUsage['total'] {
  const own = days.filter((day) => day.grantId === grantId)
  const sum = (value: (day: Days[number]) => number) =>
    own.reduce((total, day) => total + value(day), 0)
  return {
    calls: sum(({ calls }) => calls),
    inputTokens: sum(({ tokens }) => tokens.input + tokens.cachedInput + tokens.cacheWriteInput),
    outputTokens: sum(({ tokens }) => tokens.output),
    usd: formatUsd(sum(({ nanoUsd }) => nanoUsd)),
  }
}

/** The grant of an origin's app, if it connected. */
async function findConnected(vault: OpenVault, origin: string): Promise<GrantRecord | null> {
  const record = await findGrantOfSite(vault, origin)
  return record?.fields.connected === true ? record : null
}

/** C18: a grant of another origin is none, whoever learned its id. @throws `grant.missing` */
async function requireConnected(
  vault: OpenVault,
  origin: string,
  grantId: string,
): Promise<GrantRecord> {
  const record = await findConnected(vault, origin)
  if (record?.id !== grantId) throw new WalletError('grant.missing')
  return record
}

/** Without keys, labels and limits: what an app needs to choose a provider and a model. */
function describe({ id, fields }: GrantRecord): ConnectedGrant {
  const { providers, budgets, expiresAt } = fields.terms
  return {
    ...{ id, budgets, expiresAt },
    providers: providers.map(({ provider, models, capabilities }) => ({
      ...{ provider, models, capabilities },
    })),
  }
}

/** Whether the catalogue knows a way to do a thing with a provider. */
