/** What a believed pull makes of this device's rows: both sides' changes, whoever wrote first. */
import type { RecordId } from '../protocol/index.ts'
import { sha256 } from '../crypto/hash.ts'
import { equalBytes } from '../crypto/bytes.ts'
import type { Believed } from './believe.ts'
import type { Pulled } from './pull-pages.ts'
import type { SharedRow, SyncChange, SyncMemory, SyncVault, SyncedRow } from './sync-ports.ts'
import { isChanged } from './wire-rows.ts'

type Taken = Pick<SyncChange, 'rows' | 'expected' | 'synced'>

interface Here {
  readonly memory: SyncMemory
  /** The rows of the vault now. */
  readonly rows: readonly SharedRow[]
  readonly vault: Pick<SyncVault, 'merge' | 'bury' | 'reseal'>
  /** Whether this device seals again what still lies under an earlier root key. */
  readonly resealsAll: boolean
}

/** Writes nothing. @throws `vault.newer` where a row of a newer ValetKey would have to be overwritten */
export function takeOver(pulled: Pulled, believed: Believed, here: Here): Taken {
  const { memory, vault } = here
  const before = new Map(memory.synced.map((row) => [row.recordId, row]))
  const ours = new Map(here.rows.map((row) => [row.recordId, row]))
  const rows: SharedRow[] = []
  const expected = new Map<RecordId, number>()
  const write = (next: SharedRow, current: SharedRow | undefined): void => {
    rows.push(next)
    expected.set(next.recordId, current?.rev ?? 0)
  }

  for (const [id, { row: theirs, synced }] of pulled.rows) {
    if (believed.synced.get(id) !== synced) continue
    const our = ours.get(id)
    if (our && isSame(sha256(our.envelope), synced)) continue
    const known = before.get(id)
    // A whole pull names what did not change, too: what was changed here since then stands.
    if (our && known && isSame(known.envelopeHash, synced)) continue
    const isOursToo = our !== undefined && isChanged(our, known)
    write((isOursToo ? vault.merge(our, theirs) : null) ?? theirs, our)
  }
  for (const id of lost(believed, memory)) {
    const our = ours.get(id)
    // A deletion wins over every edit (formats §4).
    if (our?.del === 0) write(vault.bury(our), our)
  }
  for (const our of here.rows) {
    const isOld = here.resealsAll && our.method === undefined && our.del === 0
    // A change that was made in an earlier epoch could never be pushed.
    if (expected.has(our.recordId) || !(isOld || isChanged(our, before.get(our.recordId)))) continue
    const next = vault.reseal(our)
    if (next !== null) write(next, our)
  }
  return { rows, expected, synced: difference(memory, believed) }
}

/** Records all devices had, whose tombstones are gone already: this one was away that long. */
function lost({ synced }: Believed, { synced: before }: SyncMemory): readonly RecordId[] {
  return before.map(({ recordId }) => recordId).filter((id) => !synced.has(id))
}

function isSame(envelopeHash: Uint8Array, synced: SyncedRow): boolean {
  return equalBytes(envelopeHash, synced.envelopeHash)
}

function difference({ synced: before }: SyncMemory, { synced }: Believed): SyncChange['synced'] {
  const known = new Map(before.map((row) => [row.recordId, row]))
  const put = [...synced.values()].filter((row) => known.get(row.recordId) !== row)
  return { put, remove: [...known.keys()].filter((id) => !synced.has(id)) }
}
