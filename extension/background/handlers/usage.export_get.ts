import { writeUsageCsv, writeUsageJson } from '@valetkey/wallet/transfer'
import { readUsageNames } from '../usage-names.ts'
import type { UiHandler } from '../wallet.ts'

/** Rows of one piece: some hundred kilobytes of text. */
const PIECE_ROWS = 2_000

export const usageExportGet: UiHandler<'usage.export_get'> = async (asked, wallet) => {
  const { filter, before, format, written } = asked
  const vault = await wallet.session.required()
  const [{ rows, next }, name] = await Promise.all([
    wallet.ledger.rows({ filter, before, limit: PIECE_ROWS }),
    readUsageNames(vault),
  ])
  const write = format === 'csv' ? writeUsageCsv : writeUsageJson
  const isFirst = before === null
  const text = write({ rows: rows.map(name), written, isFirst, isLast: next === null })
  return { text, rowCount: rows.length, next }
}
