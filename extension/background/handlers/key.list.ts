import { sortKeys } from '@valetkey/wallet/vault'
import type { UiHandler } from '../wallet.ts'

export const keyList: UiHandler<'key.list'> = async (_params, wallet) => {
  const vault = await wallet.session.required()
  const { records } = await vault.listRecords('key')
  const { records: grants } = await vault.listRecords('grant')
  const live = grants.filter(
    ({ fields }) => fields.status === 'active' || fields.status === 'paused',
  )
  const shown = sortKeys(records).filter(({ fields }) => !fields.archived)
  const uses = await wallet.ledger.usesOfKeys(shown.map(({ id }) => id))
  const keys = shown.map(({ id, fields }, index) => {
    const { provider, label, createdAt, lastTest } = fields
    const siteCount = live.filter((grant) =>
      grant.fields.terms.providers.some(({ keys: choice }) =>
        'only' in choice ? choice.only === id : choice.pool.includes(id),
      ),
    ).length
    const spentThisMonthNanoUsd = uses[index]?.nanoUsd ?? 0
    return { id, provider, label, createdAt, lastTest, siteCount, spentThisMonthNanoUsd }
  })
  return { keys }
}
