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
  type GrantStatus,
  type LinkDetails,
  type LinkedApp,
  type Random,
  type RecordId,
  type Terms,
} from '../protocol/index.ts'
import { assertTermsFit, coversRequest } from '../grants/index.ts'
import type { Ledger } from '../metering/index.ts'
import { createExchangeKey, renewExchangeKeys, signExchangeKey } from '../relay/index.ts'
import type { ListedKey, ListedRecord, OpenVault } from '../vault/index.ts'
import type { LinkedDevice } from '../sync/index.ts'
import { appOf, isByCode, isByOAuth, type LinkWish, type OAuthWish } from './link-wish.ts'
import { tellServer } from './tell-server.ts'

/** How often the server is asked which connections an app's server has given back. */
const LOOK_MS = 10 * 60_000
/** More of what an app calls itself is not kept. */
const NAME_LENGTH = 200

export interface LinkedAppsPorts {
  /** This device at the server its vault is synced with; null: with none. */
  readonly device: (vault: OpenVault) => Promise<LinkedDevice | null>
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

type GrantOfServer = ListedRecord<'grant'> & {
  readonly fields: {
    readonly relay: GrantRelay
    readonly subject: { readonly clientId: string; readonly server: string }
  }
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
   * @throws `request.unprocessable` for keys that cannot be used; `request.invalid` for a vault that is not
   * synced with that server; as the server refuses
   */
  async allow(
    vault: OpenVault,
    { id: questionId, origin, link: wish }: AskedApp,
    terms: Terms,
  ): Promise<void> {
    const { usableKeys, onChange } = this.#ports
    assertTermsFit(await usableKeys(vault), terms)
    const device = await this.#deviceAt(vault, wish.server)
    // C102: of a program that shows a code no site is known, whatever it was registered for.
    const site = isByCode(wish) ? null : origin
    const told =
      (isByOAuth(wish) ? await renew(vault, device, { site, wish, terms }) : null) ??
      (await this.#make(vault, device, { site, wish, terms }))
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
    const device = await this.#deviceAt(vault, wish.server)
    return (await renew(vault, device, { site: origin, wish, terms: null }))?.answer ?? null
  }

  /**
   * Renews the keys that calls are sealed to, and names those of now to the server. What the server does not
   * take now, it gets the next time.
   */
  async publishKeys(vault: OpenVault): Promise<void> {
    const { device: deviceOf, clock, random } = this.#ports
    const device = await deviceOf(vault)
    if (!device) return
    const grants = await grantsOfServers(vault)
    const own = grants.filter(
      ({ fields }) => isLive(fields.status) && fields.subject.server === device.origin,
    )
    const ended = await this.#forgetEnded(vault, own, device).catch(() => new Set<GrantId>())
    for (const { id, fields } of own) {
      if (ended.has(id)) continue
      const exchangeKeys = renewExchangeKeys(fields.relay.exchangeKeys, clock(), random)
      const relay = exchangeKeys ? { ...fields.relay, exchangeKeys } : fields.relay
      if (exchangeKeys) await vault.updateRecord('grant', id, { relay })
      await this.#publish(id, relay, device).catch(() => undefined)
    }
  }

  /** What an app's server gave back is no app of the person's any more, on any device. @returns those */
  async #forgetEnded(
    vault: OpenVault,
    own: readonly GrantOfServer[],
    { session }: LinkedDevice,
  ): Promise<ReadonlySet<GrantId>> {
    const now = this.#ports.clock()
    if (own.length === 0 || now - this.#lookedAt < LOOK_MS) return new Set()
    this.#lookedAt = now
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

  /** Whether a socket is worth holding for them. */
  async isAny(vault: OpenVault): Promise<boolean> {
    return (await grantsOfServers(vault)).some(({ fields }) => isLive(fields.status))
  }

  /** @throws `grant.missing` */
  async setPaused(vault: OpenVault, grantId: GrantId, isPaused: boolean): Promise<void> {
    const record = await requireOne(vault, grantId)
    if (!isLive(record.fields.status)) throw new WalletError('grant.missing')
    await vault.updateRecord('grant', grantId, { status: isPaused ? 'paused' : 'active' })
    if (isPaused) this.#ports.stopCalls(grantId, 'grant.paused')
  }

  /**
   * Takes it back: at once here, and at the server. A server that is not reached refuses nothing by
   * itself, but no wallet serves its calls any more. @throws `grant.missing`
   */
  async revoke(vault: OpenVault, grantId: GrantId): Promise<void> {
    await requireOne(vault, grantId)
    await vault.updateRecord('grant', grantId, { status: 'revoked' })
    this.#ports.stopCalls(grantId, 'grant.revoked')
    await this.#ports.onChange()
    const device = await this.#ports.device(vault)
    await device?.session.endConnection(grantId).catch(() => undefined)
  }

  /** The person paused everything. */
  stopAll(): void {
    this.#ports.stopCalls('all', 'grant.paused')
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

  async #deviceAt(vault: OpenVault, server: string): Promise<LinkedDevice> {
    const device = await this.#ports.device(vault)
    if (device?.origin !== server) throw notThere()
    return device
  }

  async #make(
    vault: OpenVault,
    device: LinkedDevice,
    { site, wish, terms }: { site: string | null; wish: LinkWish; terms: Terms },
  ): Promise<Told> {
    const { clock, random } = this.#ports
    const { clientId, name, publicKeys } = appOf(wish)
    const relay: GrantRelay = {
      ...{ name: name.slice(0, NAME_LENGTH), origin: site, appKeys: publicKeys },
      signingSeed: toBase64url(createKeySeed(random)),
      exchangeKeys: [createExchangeKey(clock(), random)],
      ...(isByOAuth(wish) && { byOAuth: true }),
    }
    const id = await vault.createRecord('grant', {
      ...{ subject: { clientId, server: wish.server }, terms, relay, status: 'active' },
      ...{ createdAt: clock(), valetKeys: [] },
    })
    try {
      const answer = await tellServer(device, wish, { id, relay, terms })
      // Before the app's server can ask for it.
      await this.#publish(id, relay, device).catch(() => undefined)
      return { answer }
    } catch (error) {
      // No server knows of it: a grant nobody can use is none.
      await vault.removeRecord(id)
      throw error
    }
  }
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

/**
 * The server is told first: what it refuses changes nothing here. Null: there is no such grant, or it is
 * over at the server.
 */
async function renew(
  vault: OpenVault,
  device: LinkedDevice,
  { site, wish, terms: changed }: Renewal,
): Promise<Told | null> {
  const standing = await findStanding(vault, site, wish)
  if (!standing) return null
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

/** The grant an app got by OAuth before: of the same registration, at the same server, for the same site. */
async function findStanding(
  vault: OpenVault,
  site: string | null,
  wish: OAuthWish,
): Promise<GrantOfServer | null> {
  const { clientId, publicKeys } = wish.details.client
  const own = (await grantsOfServers(vault)).filter(({ fields }) => {
    const { subject, relay, status } = fields
    const isSame = subject.clientId === clientId && subject.server === wish.server
    return isSame && relay.byOAuth === true && relay.origin === site && isLive(status)
  })
  // An app with other keys is shown anew, and calls by other keys.
  return own.find(({ fields }) => fields.relay.appKeys.join() === publicKeys.join()) ?? null
}

/** C98: a page asks for its own app alone, whatever link token it got hold of. @throws `auth.forbidden` */
export function assertOwnPage({ app }: LinkDetails, origin: string): void {
  if (app.origin !== origin) throw new WalletError('auth.forbidden')
}

/** The app's server asks at one this wallet is not synced with. */
export function notThere(): WalletError {
  return new WalletError('request.invalid', { reason: 'server' })
}

/** The grant of an app's server, with the keys of its relay. @throws `grant.missing` */
export async function findGrantOfServer(
  vault: OpenVault,
  grantId: GrantId,
): Promise<GrantOfServer | null> {
  const fields = await vault.readRecord('grant', grantId)
  const record = fields && { id: grantId, fields }
  return record && isOfServer(record) ? record : null
}

async function requireOne(vault: OpenVault, grantId: GrantId): Promise<GrantOfServer> {
  const record = await findGrantOfServer(vault, grantId)
  if (!record || record.fields.status === 'revoked') throw new WalletError('grant.missing')
  return record
}

async function grantsOfServers(vault: OpenVault): Promise<readonly GrantOfServer[]> {
  const { records } = await vault.listRecords('grant')
  return records.filter(isOfServer)
}

function isOfServer(record: ListedRecord<'grant'>): record is GrantOfServer {
  return 'clientId' in record.fields.subject && record.fields.relay !== undefined
}

function isLive(status: GrantStatus): boolean {
  return status === 'active' || status === 'paused'
}
