/**
 * What an open vault remembers of the rows it has opened, for as long as it is open. Opening a row costs
 * a tenth of a millisecond, in a worker that has just begun four times as much: a list of ten thousand keys,
 * asked for at every change, would stop every call for a second, and every call reads its grant. No secret is kept, and a row that differs in one bit is opened anew.
 */
import { equalBytes } from '../crypto/index.ts'
import type { KeptSecret, RecordFields } from '../protocol/index.ts'
import type { StoredRow } from './store.ts'

/** All about a provider key but the key. */
export type KeyFacts = Omit<RecordFields<'key'>, 'secret' | 'history' | 'secretPast'> & {
  /** Secrets that lost a merge, without them. */
  readonly kept?: readonly Pick<KeptSecret, 'id' | 'until'>[]
}

/** All about a grant but the keys of its relay. */
export type GrantTerms = Omit<RecordFields<'grant'>, 'relay'>

export interface KnownRow {
  readonly row: StoredRow
  /** Null for a tombstone. */
  readonly kind: string | null
  /** Of a key; null for any other record. */
  readonly facts: KeyFacts | null
  /** Of a grant that a call read. */
  readonly grant?: GrantTerms
}

export interface RowMemory {
  /** What is known of exactly this stored row; null: nothing. */
  recall(stored: unknown): KnownRow | null
  note(known: KnownRow): void
  forget(): void
}

export function createRowMemory(): RowMemory {
  const known = new Map<unknown, KnownRow>()
  return {
    recall(stored) {
      if (typeof stored !== 'object' || stored === null) return null
      const found = known.get(Reflect.get(stored, 'recordId'))
      return found && isSame(found.row, stored) ? found : null
    },
    note(row) {
      known.set(row.row.recordId, row)
    },
    forget: () => {
      known.clear()
    },
  }
}

export function factsOf(fields: RecordFields<'key'>): KeyFacts {
  const { provider, baseUrl, label, notes, createdAt, expiresAt, lastTest, order, archived } =
    fields
  const { prices, history } = fields
  const told = { provider, baseUrl, label, notes, createdAt, expiresAt, lastTest, order, archived }
  const kept = (history ?? []).flatMap(({ id, secret, until }) =>
    secret === null ? [] : [{ id, until }],
  )
  return {
    ...told,
    ...(prices !== undefined && { prices }),
    ...(kept.length > 0 && { kept }),
  }
}

export function withoutRelay(fields: RecordFields<'grant'>): GrantTerms {
  const { subject, terms, status, createdAt, valetKeys, connected } = fields
  const told = { subject, terms, status, createdAt, valetKeys }
  return connected === undefined ? told : { ...told, connected }
}

/** Member by member: all of a row is sealed or bound, so one that was touched must be refused anew. */
function isSame(row: StoredRow, stored: object): boolean {
  const members = Object.entries(row)
  if (Object.keys(stored).length !== members.length) return false
  return members.every(([name, value]) => {
    const other: unknown = Reflect.get(stored, name)
    return value instanceof Uint8Array
      ? other instanceof Uint8Array && equalBytes(value, other)
      : value === other
  })
}
