import { readUsageNames } from '../usage-names.ts'
import type { UiHandler } from '../wallet.ts'

export const usageRowsList: UiHandler<'usage.rows_list'> = async (query, wallet) => {
  const vault = await wallet.session.required()
  const [{ rows, next }, name] = await Promise.all([
    wallet.ledger.rows(query),
    readUsageNames(vault),
  ])
  return { rows: rows.map(name), next }
}
