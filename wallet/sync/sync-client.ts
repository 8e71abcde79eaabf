/**
 * One device's side of sync: push what it changed, pull what others did, believe nothing unproven.
 * The worker may die between any two lines: what was sent is written down before it is sent, and what
 * came is written at once with what it changed.
 */
import { WalletError, fromBase64url, isWalletError, type RecordId } from '../protocol/index.ts'
import { believe, isInTree, trustedHead } from './believe.ts'
import { decodeHead } from './head.ts'
import { makePush } from './make-push.ts'
import { pullPages } from './pull-pages.ts'
import type {
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
}

export interface SyncOutcome {
  /** The seq of the newest head this device believes. */
  readonly seq: number
  /** Records whose rows came from elsewhere, or were merged with what came. */
  readonly changed: readonly RecordId[]
}

/** Another device pushing at the same moment costs a round; more than that many is no luck any more. */
const ROUNDS = 20

/**
 * Makes this device and the server hold the same.
 * @throws `sync.rollback` for a server that is not to be believed, with nothing of it written;
 * `provider.network` where it was not reached; `vault.locked`, `vault.newer`, `vault.quota`
 */
export async function synchronise(ports: SyncClientPorts): Promise<SyncOutcome> {
  const changed = new Set<RecordId>()
  await settleOutbox(ports)
  for (let round = 0; round < ROUNDS; round++) {
    const floor = await pull(ports, changed)
    // The person changed what was being merged.
    if (floor === null) continue
    const outbox = await stage(ports, floor)
    if (outbox === null) return { seq: await seqOf(ports), changed: [...changed] }
    await settleOutbox(ports)
  }
  throw new WalletError('sync.conflict')
}

/** Sends what may or may not have arrived, exactly as it was: the head makes it one push (formats §5). */
async function settleOutbox({ vault, store, server }: SyncClientPorts): Promise<void> {
  const memory = await store.read()
  const { outbox } = memory.state
  if (outbox === null) return
  try {
    await server.push(outbox.push)
  } catch (error) {
    // A definite no: it was not accepted, and will not be.
    if (!isWalletError(error, 'sync.conflict')) throw error
    await store.commit(withState(memory, vault, { outbox: null }))
    return
  }
  await store.commit(accepted(memory, vault, outbox))
}

/** @returns what the next head may name as its floor; null: a row was changed meanwhile, nothing is written */
async function pull(ports: SyncClientPorts, changed: Set<RecordId>): Promise<number | null> {
  const { vault, store, server } = ports
  const before = await store.read()
  const ack = trustedHead(before.state.head)?.seq ?? 0
  const pulled = await pullPages(server, before.state.cursor, ack)
  const believed = await believe(pulled, before, vault, server)
  const taken = takeOver(pulled, believed, { memory: before, rows: await vault.rows(), vault })
  const state = {
    ...before.state,
    ...{ head: pulled.headText, devices: pulled.devices, cursor: pulled.cursor },
    ...{ identity: pulled.devices.identity, floor: believed.head.floor },
  }
  try {
    await store.commit({ state, ...taken, epoch: vault.epoch })
  } catch (error) {
    if (isWalletError(error, 'sync.conflict')) return null
    throw error
  }
  for (const { recordId } of taken.rows) changed.add(recordId)
  return Math.min(pulled.floor, believed.head.seq)
}

/** Writes the next push down before it is sent. */
async function stage(ports: SyncClientPorts, floor: number): Promise<Outbox | null> {
  const { vault, store, deviceSeed } = ports
  const memory = await store.read()
  const outbox = makePush(memory, await vault.rows(), { vault, deviceSeed, floor })
  if (outbox !== null) await store.commit(withState(memory, vault, { outbox }))
  return outbox
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
