import { changesFrom, changesOfWeek, dayOf } from '@valetkey/wallet/metering'
import { appsOf } from '../usage-names.ts'
import type { UiHandler } from '../wallet.ts'

export const usageChangesGet: UiHandler<'usage.changes_get'> = async (_params, wallet) => {
  const vault = await wallet.session.required()
  const nowMs = wallet.clock()
  const [sums, { records }] = await Promise.all([
    wallet.ledger.days(changesFrom(nowMs), dayOf(nowMs)),
    vault.listRecords('grant'),
  ])
  return changesOfWeek(sums, nowMs, appsOf(records))
}
