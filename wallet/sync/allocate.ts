/**
 * What of the limits of grants is this device's, brought in step with what all others have (formats §4, C67).
 * A part that grows counts once the push that carries it was accepted; one that shrinks is written down, and
 * kept to, before anybody hears of it.
 */
import {
  canonicalJson,
  isWalletError,
  type DeviceId,
  type GrantId,
  type JsonObject,
  type Limit,
  type LimitAsk,
  type LimitName,
  type LimitParts,
} from '../protocol/index.ts'
import type { Allocation, Allocations, LimitedGrant } from '../vault/index.ts'
import { evenPart, nextPart } from './next-part.ts'
import type { LimitsPort, SyncMemory, SyncStore, SyncVault } from './sync-ports.ts'
import { isChanged } from './wire-rows.ts'

/** An app that found no room a day ago has been told, and asks again. */
const ASK_LASTS_MS = 24 * 3_600_000

interface AllocatePorts {
  readonly vault: SyncVault
  readonly store: SyncStore
  readonly limits?: LimitsPort | undefined
}

/** @returns false where the vault was changed meanwhile and nothing was written */
export async function allocate({ vault, store, limits }: AllocatePorts): Promise<boolean> {
  if (!limits) return true
  const memory = await store.read()
  const shared = await vault.readAllocations()
  const all = shared.allocations.filter(({ fields }) => fields.deviceId === vault.deviceId)
  const [own = null] = all.toSorted((a, b) => (a.row.recordId < b.row.recordId ? -1 : 1))
  const current = partsInForce(memory, own)
  const view: View = {
    ...{ shared, own, memory, me: vault.deviceId, now: limits.now() },
    ...{ inForce: current, asks: asksOf(shared, own, current, limits) },
  }

  const proposed = planned(view, () => 0)
  let plan = proposed
  const giving = proposed.filter(({ held, next }) => next !== null && next < held)
  if (giving.length > 0) {
    // C67: from here on no call is held by the old part; then it is counted what is left to give.
    await limits.lower(inForce(proposed))
    const used = new Map<string, number>()
    for (const { grantId, name } of giving) {
      used.set(`${grantId} ${name}`, await limits.used(grantId, name))
    }
    plan = planned(view, (grantId, name) => used.get(`${grantId} ${name}`) ?? 0)
  }
  try {
    await write({ vault, store, view }, plan)
  } catch (error) {
    limits.note(memory.state.parts ?? {})
    if (!isWalletError(error, 'sync.conflict')) throw error
    return false
  }
  limits.note(inForce(plan))
  return true
}

/** One limit, and what becomes of this device's part of it. */
interface Planned {
  readonly grantId: GrantId
  readonly name: LimitName
  readonly held: number
  /** Null: no part is named. All of it is its maker's then, or it is nobody's. */
  readonly next: number | null
}

/** What may be used up until what is planned was accepted. */
function inForce(plan: readonly Planned[]): LimitParts {
  return table(plan, ({ held, next }) => (next === null ? null : Math.min(held, next)))
}

function table(plan: readonly Planned[], valueOf: (each: Planned) => number | null): LimitParts {
  const parts: LimitParts = {}
  for (const each of plan) {
    const value = valueOf(each)
    if (value !== null) (parts[each.grantId] ??= {})[each.name] = value
  }
  return parts
}

/** Row and memory in one commit. Nothing where nothing became another. @throws `sync.conflict`, `vault.quota` */
async function write(
  { vault, store, view }: Pick<AllocatePorts, 'vault' | 'store'> & { readonly view: View },
  plan: readonly Planned[],
): Promise<void> {
  const { own, memory, me } = view
  const parts = table(plan, ({ next }) => next)
  const fields = { deviceId: me, parts, asks: [...view.asks] }
  const isNews = own ? !isSame(own.fields, fields) : !isSame(fields, nothingOf(me))
  const isRemembered = isSame(memory.state.parts ?? {}, inForce(plan))
  if (!isNews && isRemembered) return
  const row = isNews ? vault.sealAllocation(own?.row ?? null, fields) : null
  await store.commit({
    ...{ epoch: vault.epoch, synced: { put: [], remove: [] } },
    state: { ...memory.state, parts: inForce(plan) },
    rows: row ? [row] : [],
    expected: new Map(row ? [[row.recordId, own?.row.rev ?? 0]] : []),
  })
}

const nothingOf = (deviceId: DeviceId) => ({ deviceId, parts: {}, asks: [] })

function isSame(one: object, other: object): boolean {
  return canonicalJson(one as JsonObject) === canonicalJson(other as JsonObject)
}

/** What this device may use up of what limits now. */
function partsInForce({ state, synced }: SyncMemory, own: Allocation | null): LimitParts {
  const known = own && synced.find(({ recordId }) => recordId === own.row.recordId)
  // The newest head carries it: it was accepted, and every other device counts with it.
  if (own && known && !isChanged(own.row, known)) return own.fields.parts
  return state.parts ?? {}
}

/** What this device lacks still: an ask that was met is forgotten, or it would take back what it gave others. */
function asksOf(
  { grants }: Allocations,
  own: Allocation | null,
  parts: LimitParts,
  limits: LimitsPort,
): readonly LimitAsk[] {
  const asks = new Map((own?.fields.asks ?? []).map((ask) => [nameOf(ask), ask]))
  for (const ask of limits.takeAsks()) {
    const before = asks.get(nameOf(ask))
    if (!before || before.target < ask.target) asks.set(nameOf(ask), ask)
  }
  const earliest = limits.now() - ASK_LASTS_MS
  const wholes = new Map(
    grants.flatMap(({ id, limits: all }) =>
      all.map(({ name, whole }) => [nameOf({ grantId: id, limit: name }), whole]),
    ),
  )
  return [...asks.values()].filter(({ at, target, grantId, limit }) => {
    const wanted = Math.min(target, wholes.get(nameOf({ grantId, limit })) ?? 0)
    return at >= earliest && wanted > (parts[grantId]?.[limit] ?? 0)
  })
}

const nameOf = ({ grantId, limit }: Pick<LimitAsk, 'grantId' | 'limit'>) => `${grantId} ${limit}`

interface View {
  readonly shared: Allocations
  readonly own: Allocation | null
  readonly inForce: LimitParts
  readonly asks: readonly LimitAsk[]
  readonly memory: SyncMemory
  readonly me: DeviceId
  readonly now: number
}

type UsedOf = (grantId: GrantId, name: LimitName) => number

function planned(view: View, usedOf: UsedOf): readonly Planned[] {
  return view.shared.grants.flatMap((grant) =>
    grant.limits.map((limit) => plannedPart(view, grant, limit, usedOf(grant.id, limit.name))),
  )
}

function plannedPart(view: View, grant: LimitedGrant, limit: Limit, used: number): Planned {
  const { me, own, inForce: allHeld, shared } = view
  const { name, whole } = limit
  const listed = view.memory.state.devices.devices.map(({ id }) => id).toSorted()
  const others = listed.filter((id) => id !== me)
  const partOf = (id: string) => namedPart(shared.allocations, id, grant.id, name)
  const taken = sumOf(others, (id) => partOf(id) ?? 0)
  const named = allHeld[grant.id]?.[name]
  const isNamed = named !== undefined || own?.fields.parts[grant.id]?.[name] !== undefined
  const unnamed = grant.maker === me ? Math.max(0, whole - taken) : 0
  const held = isNamed ? (named ?? 0) : unnamed
  const about = { grantId: grant.id, name, held }
  // Its maker has named no part yet: all that nobody else has is the maker's.
  const isElsewhere = others.includes(grant.maker) && partOf(grant.maker) === null
  // What cannot be read may be somebody's part.
  if (isElsewhere || !shared.isWhole) return { ...about, next: isNamed ? held : null }

  const fairOf = (id: string) => evenPart(whole, listed.indexOf(id), listed.length)
  const mine = view.asks.find((ask) => ask.grantId === grant.id && ask.limit === name)
  const lacks = Math.max(0, Math.min(mine?.target ?? 0, whole) - held)
  const ahead = others
    .flatMap((id) => askOf(view, id, grant.id, limit))
    .filter(({ ask }) => !mine || isBefore(ask, mine))
  // Whoever never had a part has nobody ahead: what is free was made free for it.
  const isNew = !isNamed && grant.maker !== me
  const unheard = others.filter((id) => partOf(id) === null)
  const next = nextPart({
    ...{ whole, held, used, lacks, others: taken, fair: fairOf(me) },
    dueToNew: isNew ? 0 : sumOf(unheard, fairOf),
    dueToAsking: isNew ? 0 : sumOf(ahead, (each) => each.lacks),
  })
  return { ...about, next: isNamed || next !== unnamed ? next : null }
}

function sumOf<T>(all: readonly T[], amountOf: (each: T) => number): number {
  return all.reduce((sum, each) => sum + amountOf(each), 0)
}

/** Null: that device has named none. Were it named twice, the greater one counts. */
function namedPart(
  allocations: readonly Allocation[],
  deviceId: string,
  grantId: GrantId,
  name: LimitName,
): number | null {
  const parts = allocations
    .filter(({ fields }) => (fields.deviceId as string) === deviceId)
    .flatMap(({ fields }) => fields.parts[grantId]?.[name] ?? [])
  return parts.length === 0 ? null : Math.max(...parts)
}

function askOf(
  { shared, now }: View,
  deviceId: string,
  grantId: GrantId,
  { name, whole }: Limit,
): readonly { readonly ask: LimitAsk; readonly lacks: number }[] {
  const asks = shared.allocations
    .filter(({ fields }) => (fields.deviceId as string) === deviceId)
    .flatMap(({ fields }) => fields.asks)
  const ask = asks.find((each) => each.grantId === grantId && each.limit === name)
  if (!ask || now - ask.at > ASK_LASTS_MS) return []
  const part = namedPart(shared.allocations, deviceId, grantId, name) ?? 0
  const lacks = Math.min(ask.target, whole) - part
  return lacks > 0 ? [{ ask, lacks }] : []
}

/** Of two that lack something, the one that asked first; both decide alike. */
function isBefore(one: LimitAsk, other: LimitAsk): boolean {
  if (one.at !== other.at) return one.at < other.at
  return one.target < other.target
}
