/** Whether what was pulled is what the devices of this vault wrote, and nothing less (protocols §1). */
import { WalletError, type RecordId } from '../protocol/index.ts'
import { equalBytes } from '../crypto/bytes.ts'
import {
  decodeHead,
  headFault,
  headHash,
  signedHeadOf,
  type Head,
  type TrustedHead,
} from './head.ts'
import { merkleRoot } from './merkle-root.ts'
import type { Pulled } from './pull-pages.ts'
import type { SyncMemory, SyncServer, SyncVault, SyncedRow } from './sync-ports.ts'
import { createVerifyOnce } from './verify-once.ts'

/** The newest suite this version opens. */
const NEWEST_SUITE = 1
/** A pull that brings nothing new would cost a verification for each device. */
const verify = createVerifyOnce()

export interface Believed {
  readonly head: Head
  /** Every row of the vault as the new head has it. */
  readonly synced: ReadonlyMap<RecordId, SyncedRow>
}

/** Believes a pull, or throws: nothing of it was written yet. @throws `sync.rollback` */
export async function believe(
  pulled: Pulled,
  { state, synced: before }: SyncMemory,
  vault: Pick<SyncVault, 'vaultId'> & Partial<Pick<SyncVault, 'epoch' | 'minSuite'>>,
  server: Pick<SyncServer, 'heads'>,
): Promise<Believed> {
  const head = decodeHead(pulled.head.head)
  if (typeof head === 'string') throw refused(head)
  const synced = new Map<RecordId, SyncedRow>()
  // C80: of a whole pull nothing is taken from memory: the root alone says what there is.
  if (!pulled.isWhole) for (const row of before) synced.set(row.recordId, row)
  for (const [id, row] of pulled.rows) {
    // C80: a tombstone the tree leaves out is anybody's word.
    if (isInTree(row.synced, head.floor)) synced.set(id, row.synced)
  }

  const stored = trustedHead(state.head)
  const fault = headFault(pulled.head, {
    vaultId: vault.vaultId,
    devices: pulled.devices,
    knownIdentity: state.identity,
    verify,
    ...(stored && { stored }),
    root: merkleRoot([...synced.values()], head.floor),
  })
  if (fault !== null) throw refused(fault)
  // An epoch that falls would have a device write under a root key that others were to lose.
  if (head.epoch < (vault.epoch ?? 0)) throw refused('epoch')
  // A newer suite is a newer ValetKey's. C81: an older one than the vault's is nobody's.
  if (head.minSuite > NEWEST_SUITE) throw new WalletError('vault.newer')
  if (head.minSuite < (vault.minSuite ?? 0)) throw refused('min-suite')
  // A floor that falls would bring tombstones back that were let go.
  if (head.floor < state.floor) throw refused('floor')
  if (stored) await assertChain(stored, head, server)
  return { head, synced: withoutOldTombstones(synced, head.floor) }
}

export function trustedHead(text: SyncMemory['state']['head']): TrustedHead | null {
  if (text === null) return null
  const signed = signedHeadOf(text)
  const head = decodeHead(signed.head)
  if (typeof head === 'string') throw new WalletError('vault.corrupt')
  return { seq: head.seq, hash: headHash(signed), minSuite: head.minSuite }
}

/** C82: two devices shown two different histories would find out here, as soon as one sees the other's. */
async function assertChain(
  stored: TrustedHead,
  head: Head,
  server: Pick<SyncServer, 'heads'>,
): Promise<void> {
  let { seq, hash } = stored
  while (seq + 1 < head.seq) {
    const { heads } = await server.heads(seq + 1, head.seq - 1)
    if (heads.length === 0) throw refused('chain')
    for (const text of heads) {
      const signed = signedHeadOf(text)
      const between = decodeHead(signed.head)
      if (typeof between === 'string' || between.seq !== seq + 1 || seq + 1 >= head.seq) {
        throw refused('chain')
      }
      // What is signed is the last: it names all before it by their hashes.
      if (!equalBytes(between.prev, hash)) throw refused('chain')
      seq = between.seq
      hash = headHash(signed)
    }
  }
  if (seq < head.seq && !equalBytes(head.prev, hash)) throw refused('chain')
}

function withoutOldTombstones(
  synced: ReadonlyMap<RecordId, SyncedRow>,
  floor: number,
): ReadonlyMap<RecordId, SyncedRow> {
  return new Map([...synced].filter(([, row]) => isInTree(row, floor)))
}

export function isInTree({ del, seq }: SyncedRow, floor: number): boolean {
  return del === 0 || seq > floor
}

/** The server is not to be believed: nothing of what it said is written. */
function refused(reason: string): WalletError {
  return new WalletError('sync.rollback', { reason })
}
