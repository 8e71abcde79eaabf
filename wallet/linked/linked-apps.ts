/**
 * Apps whose servers make calls with the person's keys, through the relay (protocols §3). Each has a grant of
 * its own, which names the app's client and the server that relays: its pages have nothing of it.
 */
import { createKeySeed } from '../crypto/signing.ts'
import {
  WalletError,
  isWalletError,
  toBase64url,
  type Clock,
  type ConnectRequest,
  type ErrorCode,
  type GrantId,
  type GrantRelay,
  type LinkDetails,
  type LinkedApp,
  type Random,
  type RecordId,
  type RelayAccount,
  type Terms,
} from '../protocol/index.ts'
import { assertTermsFit, coversRequest } from '../grants/index.ts'
import type { Ledger } from '../metering/index.ts'
import { createExchangeKey, renewExchangeKeys, signExchangeKey } from '../relay/index.ts'
import type { ListedKey, OpenVault } from '../vault/index.ts'
import type { LinkedDevice } from '../sync/index.ts'
import {
  findStanding,
  grantsOfServers,
  isLive,
  requireGrantOfServer,
  type GrantOfServer,
} from './grants-of-servers.ts'
import { appOf, isByCode, isByOAuth, type LinkWish, type OAuthWish } from './link-wish.ts'
import type { RelayAccounts } from './relay-accounts.ts'
import { tellServer } from './tell-server.ts'

/** How often the server is asked which connections an app's server has given back. */
const LOOK_MS = 10 * 60_000
/** More of what an app calls itself is not kept. */
const NAME_LENGTH = 200

export interface LinkedAppsPorts {
  /** This device at the server its vault is synced with; null: with none. */
  readonly device: (vault: OpenVault) => Promise<LinkedDevice | null>
  /** Those at other servers. */
  readonly accounts: Pick<RelayAccounts, 'at' | 'open' | 'use' | 'close'>
  readonly usableKeys: (vault: OpenVault) => Promise<readonly ListedKey[]>
  readonly ledger: Pick<Ledger, 'budgetUses'>
  readonly clock: Clock
  readonly random: Random
  /** Calls that run stop: those of a grant, or of all. */
  readonly stopCalls: (of: GrantId | 'all', why: ErrorCode) => void
  /** Which app servers may call is another: the socket is held, or let go, for them. */
  readonly onChange: () => Promise<void>
}

/** A question about an app's server. */
export interface AskedApp {
  readonly id: string
  readonly origin: string
  readonly link: LinkWish
}

export class LinkedApps {
  readonly #ports: LinkedAppsPorts
  /** What the page that asked gets for the person's yes; by the question's id. */
  readonly #given = new Map<string, string>()
  /** The keys that this worker named to the server. */
  readonly #published = new Map<GrantId, string>()
  #lookedAt = -Infinity

  constructor(ports: LinkedAppsPorts) {
    this.#ports = ports
  }

  /**
   * The person allowed it: the grant is written, and the server told of it. An app that comes back by OAuth
   * keeps its grant, and with it what was spent: no app gets a fresh budget by asking again.
   * @param origin of the app: its page's, or the site its tab goes to
   * @throws `request.unprocessable` for keys that cannot be used; as the server refuses, `auth.forbidden` among it
   * where the vault is synced with another server, or none, and this one takes nobody
   */
  async allow(
    vault: OpenVault,
    { id: questionId, origin, link: wish }: AskedApp,
    terms: Terms,
  ): Promise<void> {
    const { usableKeys, onChange } = this.#ports
    assertTermsFit(await usableKeys(vault), terms)
    // C102: of a program that shows a code no site is known, whatever it was registered for.
    const site = isByCode(wish) ? null : origin
    const told =
      (isByOAuth(wish) ? await this.#renew(vault, { site, wish, terms }) : null) ??
      (await this.#make(vault, { site, wish, terms }))
    if (told.answer !== null) this.#given.set(questionId, told.answer)
    await onChange()
  }

  /** Whether an app that asks by OAuth has a grant already, and whether that covers all it asks for. */
  async standingOf(
    vault: OpenVault,
    asked: Pick<AskedApp, 'origin' | 'link'> & { readonly request: ConnectRequest },
  ): Promise<'none' | 'less' | 'covered'> {
    const { origin, link, request } = asked
    if (!isByOAuth(link)) return 'none'
    const isCode = isByCode(link)
    const standing = await findStanding(vault, isCode ? null : origin, link)
    if (!standing) return 'none'
    const { status, terms, relay } = standing.fields
    const isServed = terms.sealed === 'plain' || relay.appKeys.length > 0
    const isCovered = isServed && coversRequest(terms, request, this.#ports.clock())
    // C102: who typed a code that somebody sent them reads each time what it opens.
    return status === 'active' && isCovered && !isCode ? 'covered' : 'less'
  }

  /**
   * Answers an app for the grant it has: an app that lost its tokens asks nobody twice.
   * @returns where its tab goes; null: it has none, here or at the server
   * @throws as the server refuses
   */
  async answerAgain(vault: OpenVault, origin: string, wish: OAuthWish): Promise<string | null> {
    return (await this.#renew(vault, { site: origin, wish, terms: null }))?.answer ?? null
  }

  /**
   * Renews the keys that calls are sealed to, and names those of now to the server. What the server does not
   * take now, it gets the next time.
   */
  async publishKeys(vault: OpenVault): Promise<void> {
    const isLookDue = this.#ports.clock() - this.#lookedAt >= LOOK_MS
    if (isLookDue) this.#lookedAt = this.#ports.clock()
    for (const [device, own] of await this.#byDevice(vault)) {
      const none = new Set<GrantId>()
      const ended = isLookDue ? await this.#forgetEnded(vault, own, device).catch(() => none) : none
      await this.#publishAll(
        vault,
        device,
        own.filter(({ id }) => !ended.has(id)),
      )
    }
  }

  async #publishAll(
    vault: OpenVault,
    device: LinkedDevice,
    own: readonly GrantOfServer[],
  ): Promise<void> {
    const { clock, random } = this.#ports
    for (const { id, fields } of own) {
      const exchangeKeys = renewExchangeKeys(fields.relay.exchangeKeys, clock(), random)
      const relay = exchangeKeys ? { ...fields.relay, exchangeKeys } : fields.relay
      if (exchangeKeys) await vault.updateRecord('grant', id, { relay })
      await this.#publish(id, relay, device).catch(() => undefined)
    }
  }

  /** Live grants by the account that serves them. */
  async #byDevice(vault: OpenVault): Promise<ReadonlyMap<LinkedDevice, readonly GrantOfServer[]>> {
    const grants = (await grantsOfServers(vault)).filter(({ fields }) => isLive(fields.status))
    const byDevice = new Map<LinkedDevice, GrantOfServer[]>()
    for (const grant of grants) {
      const device = await this.#deviceOf(vault, grant.fields)
      if (device) byDevice.set(device, [...(byDevice.get(device) ?? []), grant])
    }
    return byDevice
  }

  /** What an app's server gave back is no app of the person's any more, on any device. @returns those */
  async #forgetEnded(
    vault: OpenVault,
    own: readonly GrantOfServer[],
    { session }: LinkedDevice,
  ): Promise<ReadonlySet<GrantId>> {
    const over = new Set(await session.endedConnections())
    const ended = new Set(own.map(({ id }) => id).filter((id) => over.has(id)))
    for (const id of ended) {
      await vault.updateRecord('grant', id, { status: 'revoked' })
      this.#ports.stopCalls(id, 'grant.revoked')
    }
    if (ended.size > 0) await this.#ports.onChange()
    return ended
  }

  async #publish(grant: GrantId, relay: GrantRelay, { session }: LinkedDevice): Promise<void> {
    const key = signExchangeKey(grant, relay)
    if (key === null || this.#published.get(grant) === key.pk) return
    await session.writeRelayKey(grant, key)
    this.#published.set(grant, key.pk)
  }

  /** What the page that asked gets; once. */
  takeToken(questionId: string): string | null {
    const token = this.#given.get(questionId) ?? null
    this.#given.delete(questionId)
    return token
  }

  /** Newest first; what was taken back is not shown. */
  async list(vault: OpenVault): Promise<readonly LinkedApp[]> {
    const records = (await grantsOfServers(vault))
      .filter(({ fields }) => fields.status !== 'revoked')
      .sort((a, b) => b.fields.createdAt - a.fields.createdAt)
    const budgeted = records.map(({ id, fields }) => ({ id, budgets: fields.terms.budgets }))
    const uses = await this.#ports.ledger.budgetUses(budgeted)
    return records.map(({ id, fields }, index) => {
      const { relay, status, terms, createdAt, subject } = fields
      const { name, origin } = relay
      const usedNanoUsd = (uses[index] ?? []).map((use) => use.usedNanoUsd + use.heldNanoUsd)
      return {
        ...{ grantId: id, name, origin, status, terms, usedNanoUsd, createdAt },
        server: subject.server,
      }
    })
  }

  /** Whether the socket of the vault's own server is worth holding for them. */
  async isAny(vault: OpenVault): Promise<boolean> {
    const grants = await grantsOfServers(vault)
    return grants.some(({ fields }) => isLive(fields.status) && !fields.relay.account)
  }

  /** @throws `grant.missing` */
  async setPaused(vault: OpenVault, grantId: GrantId, isPaused: boolean): Promise<void> {
    const record = await requireGrantOfServer(vault, grantId)
    if (!isLive(record.fields.status)) throw new WalletError('grant.missing')
    await vault.updateRecord('grant', grantId, { status: isPaused ? 'paused' : 'active' })
    if (isPaused) this.#ports.stopCalls(grantId, 'grant.paused')
  }

  /**
   * Takes it back: at once here, and at the server. A server that is not reached refuses nothing by
   * itself, but no wallet serves its calls any more. @throws `grant.missing`
   */
  async revoke(vault: OpenVault, grantId: GrantId): Promise<void> {
    const { fields } = await requireGrantOfServer(vault, grantId)
    await vault.updateRecord('grant', grantId, { status: 'revoked' })
    this.#ports.stopCalls(grantId, 'grant.revoked')
    await this.#ports.onChange()
    const device = await this.#deviceOf(vault, fields)
    await device?.session.endConnection(grantId).catch(() => undefined)
    const { account } = fields.relay
    const isLast = (await this.accounts(vault)).every(
      (other) => other.account.accountId !== account?.accountId,
    )
    if (account && isLast) await this.#ports.accounts.close(fields.subject.server, account)
  }

  /** The accounts at other servers that live grants are served by. */
  async accounts(vault: OpenVault): Promise<readonly AccountAt[]> {
    const known = new Map<string, AccountAt>()
    for (const { fields } of await grantsOfServers(vault)) {
      const { account } = fields.relay
      const { server } = fields.subject
      if (account && isLive(fields.status)) known.set(account.accountId, { server, account })
    }
    return [...known.values()]
  }

  /** The person paused everything. */
  stopAll(): void {
    this.#ports.stopCalls('all', 'grant.paused')
  }

  /**
   * The server is told first: what it refuses changes nothing here. Null: there is no such grant, or it is
   * over at the server.
   */
  async #renew(vault: OpenVault, { site, wish, terms: changed }: Renewal): Promise<Told | null> {
    const standing = await findStanding(vault, site, wish)
    const device = standing && (await this.#deviceOf(vault, standing.fields))
    if (!device) return null
    const { id, fields } = standing
    const { relay } = fields
    const terms = changed ?? fields.terms
    try {
      const answer = await tellServer(device, wish, { id, relay, terms })
      if (changed) await vault.updateRecord('grant', id, { terms, status: 'active' })
      return { answer }
    } catch (error) {
      if (!isWalletError(error, 'request.unprocessable')) throw error
      await vault.updateRecord('grant', id, { status: 'revoked' })
      return null
    }
  }

  /** What another device paused or took back stops here too (C74). */
  async follow(vault: OpenVault, changed: readonly (RecordId | GrantId)[]): Promise<void> {
    const ids = new Set<string>(changed)
    const live = (await grantsOfServers(vault)).filter(({ fields }) => fields.status === 'active')
    for (const { id } of live) ids.delete(id)
    // Of whatever else changed no call runs.
    for (const id of ids) this.#ports.stopCalls(id as GrantId, 'grant.revoked')
    await this.#ports.onChange()
  }

  /** Who serves a grant: the vault's own account, or the grant's. Null: the vault left that server. */
  async #deviceOf(
    vault: OpenVault,
    { subject, relay }: GrantOfServer['fields'],
  ): Promise<LinkedDevice | null> {
    if (relay.account) return this.#ports.accounts.at(subject.server, relay.account)
    const own = await this.#ports.device(vault)
    return own?.origin === subject.server ? own : null
  }

  /** Who is to serve a new grant there. */
  async #wayTo(vault: OpenVault, server: string): Promise<{ device: LinkedDevice } & OfAccount> {
    const own = await this.#ports.device(vault)
    if (own?.origin === server) return { device: own }
    const { accounts } = this.#ports
    const known = (await this.accounts(vault)).find((each) => each.server === server)
    const account = known?.account ?? (await accounts.open(server))
    return { device: accounts.at(server, account), account }
  }

  async #make(
    vault: OpenVault,
    { site, wish, terms }: { site: string | null; wish: LinkWish; terms: Terms },
  ): Promise<Told> {
    const { clock, random, accounts } = this.#ports
    const { device, ...ofAccount } = await this.#wayTo(vault, wish.server)
    const { clientId, name, publicKeys } = appOf(wish)
    const relay: GrantRelay = {
      ...{ name: name.slice(0, NAME_LENGTH), origin: site, appKeys: publicKeys },
      signingSeed: toBase64url(createKeySeed(random)),
      exchangeKeys: [createExchangeKey(clock(), random)],
      ...(isByOAuth(wish) && { byOAuth: true }),
      ...ofAccount,
    }
    const id = await vault.createRecord('grant', {
      ...{ subject: { clientId, server: wish.server }, terms, relay, status: 'active' },
      ...{ createdAt: clock(), valetKeys: [] },
    })
    try {
      const answer = await tellServer(device, wish, { id, relay, terms })
      // Before the app's server can ask for it.
      await this.#publish(id, relay, device).catch(() => undefined)
      if (relay.account) accounts.use(wish.server)
      return { answer }
    } catch (error) {
      // No server knows of it: a grant nobody can use is none.
      await vault.removeRecord(id)
      throw error
    }
  }
}

interface OfAccount {
  readonly account?: RelayAccount
}

/** An account at a server the vault is not synced with. */
export interface AccountAt {
  readonly server: string
  readonly account: RelayAccount
}

/** A server took the person's yes. */
interface Told {
  /** What the wallet hands on; null: nobody here waits for anything. */
  readonly answer: string | null
}

interface Renewal {
  readonly site: string | null
  readonly wish: OAuthWish
  /** Null: those it has. */
  readonly terms: Terms | null
}

/** C98: a page asks for its own app alone, whatever link token it got hold of. @throws `auth.forbidden` */
export function assertOwnPage({ app }: LinkDetails, origin: string): void {
  if (app.origin !== origin) throw new WalletError('auth.forbidden')
}
