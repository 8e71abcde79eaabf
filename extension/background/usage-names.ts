/** What the ids in usage rows stand for, as far as the open vault still knows. */
import type { NamedUsageRow, UsageRow } from '@valetkey/wallet/protocol'
import { isEstimated, type AppOf } from '@valetkey/wallet/metering'
import type { OpenVault } from '@valetkey/wallet/vault'
import { originOfGrant, type GrantRecord } from './grants-of-sites.ts'

/** Whom a grant is, or was, for. Grants that were taken back still name theirs. */
export function appsOf(grants: readonly GrantRecord[]): AppOf {
  const apps = new Map<string, string | null>(grants.map(({ id, fields }) => [id, nameOf(fields)]))
  return (grantId) => apps.get(grantId) ?? null
}

/** The host of its site, for its pages and its server alike. A program has but the name it gives itself: in quotes. */
function nameOf(fields: GrantRecord['fields']): string | null {
  const { relay } = fields
  const origin = originOfGrant(fields) ?? relay?.origin ?? null
  if (origin !== null) return new URL(origin).host
  return relay ? `“${relay.name}”` : null
}

/** Of a record that is gone nothing is known. */
export async function readUsageNames(vault: OpenVault): Promise<(row: UsageRow) => NamedUsageRow> {
  const [grants, keys] = await Promise.all([vault.listRecords('grant'), vault.listKeys()])
  const appOf = appsOf(grants.records)
  const labels = new Map<string, string>(keys.records.map(({ id, fields }) => [id, fields.label]))
  return (row) => ({
    ...row,
    app: appOf(row.grantId),
    keyLabel: labels.get(row.keyId) ?? null,
    estimated: isEstimated(row),
  })
}
