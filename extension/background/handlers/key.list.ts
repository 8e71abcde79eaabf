import { keysOf, type KeyId } from '@valetkey/wallet/protocol'
import { keptSince, type OpenVault } from '@valetkey/wallet/vault'
import { originOfGrant } from '../grants-of-sites.ts'
import { listKeys } from '../key-ring.ts'
import type { UiHandler } from '../wallet.ts'

export const keyList: UiHandler<'key.list'> = async (_params, wallet) => {
  const vault = await wallet.session.required()
  const records = await listKeys(vault, wallet.removals)
  const uses = await wallet.ledger.usesOfKeys(records.map(({ id }) => id))
  const sites = await sitesByKey(vault)
  const now = wallet.clock()
  const keys = records.map(({ id, fields }, index) => {
    const { provider, baseUrl, label, notes, createdAt, expiresAt, lastTest, archived } = fields
    return {
      ...{ id, provider, baseUrl, label, notes, createdAt, expiresAt, lastTest, archived },
      prices: fields.prices ?? [],
      lastUsedAt: uses[index]?.lastUsedAt ?? null,
      spentThisMonthNanoUsd: uses[index]?.nanoUsd ?? 0,
      sites: sites.get(id) ?? [],
      kept: (fields.kept ?? [])
        .filter(({ until }) => until > now)
        .map((kept) => ({ ...kept, savedAt: keptSince(kept) })),
    }
  })
  return { keys }
}

/** The sites each key serves: their pages or their servers. */
async function sitesByKey(vault: OpenVault): Promise<ReadonlyMap<KeyId, string[]>> {
  const sites = new Map<KeyId, string[]>()
  const { records } = await vault.listRecords('grant')
  for (const { fields } of records) {
    const origin = originOfGrant(fields) ?? fields.relay?.origin ?? null
    if (origin === null || (fields.status !== 'active' && fields.status !== 'paused')) continue
    const named = fields.terms.providers.flatMap(({ keys }) => keysOf(keys))
    for (const keyId of named) {
      sites.set(keyId, [...new Set([...(sites.get(keyId) ?? []), origin])])
    }
  }
  return sites
}
