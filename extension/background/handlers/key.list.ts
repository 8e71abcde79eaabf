import { sortKeys } from '@valetkey/wallet/vault'
import type { UiHandler } from '../wallet.ts'

export const keyList: UiHandler<'key.list'> = async (_params, wallet) => {
  const vault = await wallet.session.required()
  const { records } = await vault.listRecords('key')
  const { records: grants } = await vault.listRecords('grant')
  const live = grants.filter(
    ({ fields }) => fields.status === 'active' || fields.status === 'paused',
  )
  const keys = await Promise.all(
    sortKeys(records)
      .filter(({ fields }) => !fields.archived)
      .map(async ({ id, fields }) => {
        const { provider, label, createdAt, lastTest } = fields
        const siteCount = live.filter((grant) =>
          grant.fields.terms.providers.some(({ keys: choice }) =>
            'only' in choice ? choice.only === id : choice.pool.includes(id),
          ),
        ).length
        const spentThisMonthNanoUsd = await wallet.ledger.spentByKey(id)
        return { id, provider, label, createdAt, lastTest, siteCount, spentThisMonthNanoUsd }
      }),
  )
  return { keys }
}
