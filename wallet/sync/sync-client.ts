/**
 * One device's side of sync: push what it changed, pull what others did, believe nothing unproven.
 * The worker may die between any two lines: what was sent is written down before it is sent, and what
 * came is written at once with what it changed.
 */
import { WalletError, fromBase64url, isWalletError, type RecordId } from '../protocol/index.ts'
import { epochOf, type NextEpoch } from '../vault/index.ts'
import { allocate } from './allocate.ts'
import { believe, isInTree, trustedHead, type Believed } from './believe.ts'
import { epochKeysHash } from './devices.ts'
import { decodeHead } from './head.ts'
import { makePush, type NextPush } from './make-push.ts'
import { pullPages, type Pulled } from './pull-pages.ts'
import type {
  LimitsPort,
  Outbox,
  SyncChange,
  SyncMemory,
  SyncServer,
  SyncState,
  SyncStore,
  SyncVault,
} from './sync-ports.ts'
import { takeOver } from './take-over.ts'

export interface SyncClientPorts {
  readonly vault: SyncVault
  readonly store: SyncStore
  readonly server: SyncServer
  /** The seed of this device's Ed25519 key. */
  readonly deviceSeed: Uint8Array
  /** Absent: nothing is shared out anew. */
  readonly limits?: LimitsPort
  /** Whether this device signs a head also where it has nothing to say: that it was there is all it says then. */
  readonly signsAnyway?: boolean
}

export interface SyncOutcome {
  /** The seq of the newest head this device believes. */
  readonly seq: number
  /** Records whose rows came from elsewhere, or were merged with what came. */
  readonly changed: readonly RecordId[]
  /** The epoch the vault entered: its root keys and its wraps are others now. Absent: it stayed in its own. */
  readonly epoch?: number
  /** This device's own head was accepted. */
  readonly signed?: true
  /** A head of another device came, or there is none to hear of. */
  readonly heard?: true
}

/** What rounds of one sync found. */
interface Found {
  readonly changed: Set<RecordId>
  epoch: number | null
  signed: boolean
  heard: boolean
}

/** Another device pushing at the same moment costs a round; more than that many is no luck any more. */
const ROUNDS = 20

/**
 * Makes this device and the server hold the same.
 * @throws `sync.rollback` for a server that is not to be believed, with nothing of it written;
 * `auth.forbidden` with the reason `removed` for a device that is on the list no more;
 * `provider.network` where it was not reached; `vault.locked`, `vault.newer`, `vault.quota`
 */
export async function synchronise(ports: SyncClientPorts): Promise<SyncOutcome> {
  const found: Found = { changed: new Set(), epoch: null, signed: false, heard: false }
  await settleOutbox(ports, found)
  let round = 0
  while (round < ROUNDS) {
    const floor = await pull(ports, found)
    const staged = floor !== null && (await allocate(ports)) && (await stage(ports, floor, found))
    if (staged === null) return outcomeOf(found, await seqOf(ports))
    const isAccepted = await settleOutbox(ports, found)
    // A part of many changes that arrived: less is left, so this comes to its end.
    if (!staged || staged.isWhole || !isAccepted) round++
  }
  throw new WalletError('sync.conflict')
}

function outcomeOf({ changed, epoch, signed, heard }: Found, seq: number): SyncOutcome {
  return {
    ...{ seq, changed: [...changed] },
    ...(epoch !== null && { epoch }),
    ...(signed && { signed }),
    ...(heard && { heard }),
  }
}

/**
 * Sends what may or may not have arrived, exactly as it was: the head makes it one push (formats §5).
 * @returns whether there was something, and it was accepted
 */
async function settleOutbox(
  { vault, store, server }: SyncClientPorts,
  found: Found,
): Promise<boolean> {
  const memory = await store.read()
  const { outbox } = memory.state
  if (outbox === null) return false
  try {
    await server.push(outbox.push)
  } catch (error) {
    // A definite no: it was not accepted, and will not be.
    if (!isWalletError(error, 'sync.conflict')) throw error
    await store.commit(withState(memory, vault, { outbox: null }))
    return false
  }
  await store.commit(accepted(memory, vault, outbox))
  found.signed = true
  return true
}

/** @returns what the next head may name as its floor; null: a row was changed meanwhile, nothing is written */
async function pull(ports: SyncClientPorts, found: Found): Promise<number | null> {
  const { vault, store, server } = ports
  const before = await store.read()
  const ack = trustedHead(before.state.head)?.seq ?? 0
  const pulled = await pullPages(server, before.state.cursor, ack)
  const believed = await believe(pulled, before, vault, server)
  if (!pulled.devices.devices.some(({ id }) => id === vault.deviceId)) {
    throw new WalletError('auth.forbidden', { reason: 'removed' })
  }
  const next = await enterEpoch(vault, pulled, believed)
  try {
    const isNews = believed.head.seq !== ack
    const taken = takeOver(pulled, believed, {
      ...{ memory: before, rows: await vault.rows(), vault: next ?? vault },
      // Whoever opened the epoch, or if that one stays away, any other.
      resealsAll: next ? isOpener(pulled, believed, vault) : !isNews,
    })
    const state = {
      ...before.state,
      ...{ head: pulled.headText, devices: pulled.devices, cursor: pulled.cursor },
      ...{ identity: pulled.devices.identity, floor: believed.head.floor },
    }
    const change = { state, ...taken, epoch: vault.epoch }
    await store.commit(next ? inEpoch(next, change) : change)
    if (next) next.enter()
    for (const { recordId } of taken.rows) found.changed.add(recordId)
    if (next) found.epoch = next.header.epoch
    const isOthers = believed.head.writerDeviceId !== vault.deviceId
    found.heard ||= (isNews && isOthers) || isAlone(pulled)
    return Math.min(pulled.floor, believed.head.seq)
  } catch (error) {
    next?.abandon()
    if (isWalletError(error, 'sync.conflict')) return null
    throw error
  }
}

/** What the vault becomes where the head is of a later epoch, else null. */
async function enterEpoch(
  vault: SyncVault,
  { keys, devices, rows }: Pulled,
  { head, synced }: Believed,
): Promise<NextEpoch | null> {
  if (head.epoch === vault.epoch) return null
  // C82: the keys are the document's, and the document the head's.
  if (epochKeysHash(keys) !== devices.keysHash) {
    throw new WalletError('sync.rollback', { reason: 'keys' })
  }
  const came = [...rows].filter(([id, row]) => synced.get(id) === row.synced)
  return vault.prepareEpoch(
    head.epoch,
    keys,
    came.map(([, { row }]) => row),
  )
}

/** Whether this device wrote the wraps of the epoch. */
function isOpener({ rows }: Pulled, { head }: Believed, { deviceId }: SyncVault): boolean {
  return [...rows.values()].some(
    ({ row }) =>
      row.method === 'epoch' && row.writerDeviceId === deviceId && epochOf(row) === head.epoch,
  )
}

/** This device's own keys and the header change with the rest. */
function inEpoch({ header, deviceRow, deviceRev }: NextEpoch, change: SyncChange): SyncChange {
  return {
    ...{ ...change, header, rows: [...change.rows, deviceRow] },
    expected: new Map([...change.expected, [deviceRow.recordId, deviceRev]]),
  }
}

/** Writes the next push down before it is sent. */
async function stage(
  ports: SyncClientPorts,
  floor: number,
  { signed }: Found,
): Promise<NextPush | null> {
  const { vault, store, deviceSeed, signsAnyway = false } = ports
  const memory = await store.read()
  const isNeeded = signsAnyway && !signed && !isAlone(memory.state)
  const writer = { vault, deviceSeed, floor, signsAnyway: isNeeded }
  const next = makePush(memory, await vault.rows(), writer)
  if (next !== null) await store.commit(withState(memory, vault, { outbox: next.outbox }))
  return next
}

/** There is nobody who would listen, and nobody to hear of. */
function isAlone({ devices: { devices } }: Pick<SyncState, 'devices'>): boolean {
  return devices.length < 2
}

async function seqOf({ store }: SyncClientPorts): Promise<number> {
  return trustedHead((await store.read()).state.head)?.seq ?? 0
}

function withState(
  { state }: SyncMemory,
  { epoch }: Pick<SyncVault, 'epoch'>,
  changes: Partial<SyncState>,
): SyncChange {
  return {
    state: { ...state, ...changes },
    ...{ epoch, rows: [], expected: new Map(), synced: { put: [], remove: [] } },
  }
}

/** The head that was sent is the newest there is. */
function accepted(
  memory: SyncMemory,
  vault: Pick<SyncVault, 'epoch'>,
  { push, rows }: Outbox,
): SyncChange {
  const head = decodeHead(fromBase64url(push.head.head))
  if (typeof head === 'string') throw new WalletError('vault.corrupt')
  const sent = new Set(rows.map(({ recordId }) => recordId))
  const dead = memory.synced.filter((row) => !sent.has(row.recordId) && !isInTree(row, head.floor))
  return {
    ...withState(memory, vault, { head: push.head, floor: head.floor, outbox: null }),
    synced: { put: rows, remove: dead.map(({ recordId }) => recordId) },
  }
}
