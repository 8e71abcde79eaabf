/** What the ids in usage rows stand for, as far as the open vault still knows. */
import type { NamedUsageRow, UsageRow } from '@valetkey/wallet/protocol'
import { isEstimated, type AppOf } from '@valetkey/wallet/metering'
import type { OpenVault } from '@valetkey/wallet/vault'
import { originOfGrant } from './grants-of-sites.ts'

export interface UsageNames {
  /** The host of the site a grant is, or was, for. */
  readonly appOf: AppOf
  readonly name: (row: UsageRow) => NamedUsageRow
}

/** Grants that were taken back still name their site; of a record that is gone nothing is known. */
export async function readUsageNames(vault: OpenVault): Promise<UsageNames> {
  const [grants, keys] = await Promise.all([vault.listRecords('grant'), vault.listKeys()])
  const apps = new Map<string, string | null>(
    grants.records.map(({ id, fields }) => {
      const origin = originOfGrant(fields)
      return [id, origin === null ? null : new URL(origin).host]
    }),
  )
  const labels = new Map<string, string>(keys.records.map(({ id, fields }) => [id, fields.label]))
  const appOf: AppOf = (grantId) => apps.get(grantId) ?? null
  return {
    appOf,
    name: (row) => ({
      ...row,
      app: appOf(row.grantId),
      keyLabel: labels.get(row.keyId) ?? null,
      estimated: isEstimated(row),
    }),
  }
}
