import type { NamedUsageRow } from '@valetkey/wallet/protocol'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { UsageRowCells } from './usage-row-cells.tsx'

const HEAD = 'py-2 pr-3 text-left text-group font-bold'
const NUMBER = 'py-2 pr-3 text-right text-group font-bold max-md:hidden'

/** Calls, one a row. */
export function UsageTable({ rows }: { readonly rows: readonly NamedUsageRow[] }) {
  const words = MESSAGES.usage.table
  const now = useNow()
  return (
    <table className="w-full border-collapse" aria-label={words.title}>
      <thead>
        <tr className="border-b border-line">
          <th scope="col" className={HEAD}>
            {words.when}
          </th>
          <th scope="col" className={HEAD}>
            {words.app}
          </th>
          <th scope="col" className={`${HEAD} max-md:hidden`}>
            {words.model}
          </th>
          <th scope="col" className={NUMBER}>
            {words.tokensIn}
          </th>
          <th scope="col" className={NUMBER}>
            {words.tokensOut}
          </th>
          <th scope="col" className="py-2 text-right text-group font-bold">
            {words.cost}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.requestId} className="border-b border-line align-top last:border-0">
            <UsageRowCells row={row} now={now} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
