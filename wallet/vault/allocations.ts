/** How much of the limits of grants is whose: what of it lies in the vault (formats §4, C67). */
import {
  createId,
  limitsOf,
  type DeviceId,
  type GrantId,
  type Limit,
  type RecordContent,
  type RecordFields,
} from '../protocol/index.ts'
import { createContent, fieldsOf, sealable, type Stamp } from './record-content.ts'
import { openRows, type Rows } from './record-row.ts'
import { sealFirstRow, sealNextRow, type SealingContext } from './sealed-row.ts'
import type { StoredRow } from './store.ts'

export interface LimitedGrant {
  readonly id: GrantId
  /** The device that made it: to it belongs what nobody has been given. */
  readonly maker: DeviceId
  readonly limits: readonly Limit[]
}

export interface Allocation {
  readonly row: StoredRow
  readonly fields: RecordFields<'allocation'>
}

export interface Allocations {
  /** All that were not taken back. */
  readonly grants: readonly LimitedGrant[]
  readonly allocations: readonly Allocation[]
  /** False where a row cannot be read: it may be an allocation, and nobody can tell how large. */
  readonly isWhole: boolean
}

export async function readAllocations(context: SealingContext, rows: Rows): Promise<Allocations> {
  const grants: LimitedGrant[] = []
  const allocations: Allocation[] = []
  const { damaged } = await openRows(context, ['grant', 'allocation'], rows, (row, content) => {
    if (content.kind === 'allocation') {
      allocations.push({ row, fields: fieldsOf('allocation', content) })
      return null
    }
    const { status, terms } = fieldsOf('grant', content)
    const maker = makerOf(content)
    const id = row.recordId as string as GrantId
    if (status !== 'revoked' && maker) grants.push({ id, maker, limits: limitsOf(terms) })
    return null
  })
  return { grants, allocations, isWhole: damaged.length === 0 }
}

/** The device that made a record. */
export function makerOf({ fields }: RecordContent): DeviceId | null {
  const [, , deviceId] = fields['createdAt'] ?? []
  return deviceId ?? null
}

/** @param row what it replaces; null: there was none */
export function sealAllocation(
  context: SealingContext,
  row: StoredRow | null,
  fields: RecordFields<'allocation'>,
  stamp: Stamp,
): StoredRow {
  const content = sealable(createContent('allocation', fields, stamp))
  if (row !== null) return sealNextRow(context, row, { content })
  return sealFirstRow(context, createId(context.random), content)
}

/** The one its device wrote last. */
export function laterAllocation(our: RecordContent, their: RecordContent): RecordContent {
  return latestHlc(their) > latestHlc(our) ? their : our
}

function latestHlc({ fields }: RecordContent): string {
  return Object.values(fields).reduce((latest, [, hlc]) => (hlc > latest ? hlc : latest), '')
}
