import { useCallback } from 'react'
import type { OwnApp, OwnAppUsage } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { moneyForPeople } from '../money.ts'
import { shortDay } from '../usage-sentences.ts'
import { Section } from './section.tsx'
import { ServerError } from './server-error.tsx'
import { Skeleton } from './skeleton.tsx'

/** What people's wallets did for an app, day by day. */
export function OwnAppUsagePanel({ clientId }: Pick<OwnApp, 'clientId'>) {
  const words = DEVELOPER_WORDS
  const loaded = useLoaded(useCallback(() => request('own_app.usage', { clientId }), [clientId]))
  return (
    <Section title={words.usage} busy={loaded.state === 'loading'}>
      {loaded.state === 'loading' && <Skeleton rows={2} />}
      {loaded.state === 'failed' && <ServerError error={loaded.error} retry={loaded.retry} />}
      {loaded.state === 'ready' && loaded.value.days.length === 0 && (
        <p className="text-ink2">{words.usageNone}</p>
      )}
      {loaded.state === 'ready' && loaded.value.days.length > 0 && (
        <UsageByDay usage={loaded.value} />
      )}
    </Section>
  )
}

type Figures = OwnAppUsage['totals']
const CELL = 'py-1.5 pl-3 text-right whitespace-nowrap first:pl-0 first:text-left'

function UsageByDay({ usage }: { readonly usage: OwnAppUsage }) {
  const { usageNames: names, usageTotal, usageHint } = DEVELOPER_WORDS
  return (
    <>
      <table className="w-full tabular-nums">
        <thead>
          <tr className="text-group text-ink2">
            {Object.entries(names).map(([name, text]) => (
              <th key={name} scope="col" className={`font-bold ${CELL}`}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {usage.days.toReversed().map((day) => (
            <Row key={day.date} name={shortDay(day.date)} figures={day} />
          ))}
        </tbody>
        <tfoot className="font-medium">
          <Row name={usageTotal} figures={usage.totals} />
        </tfoot>
      </table>
      <p className="mt-2 text-small text-ink2">{usageHint}</p>
    </>
  )
}

function Row({ name, figures }: { readonly name: string; readonly figures: Figures }) {
  const { requests, failed, inputTokens, outputTokens, nanoUsd } = figures
  const count = (value: number) => value.toLocaleString('en-US')
  const cells = [
    count(requests),
    count(failed),
    count(inputTokens),
    count(outputTokens),
    moneyForPeople(nanoUsd),
  ]
  return (
    <tr className="border-t border-line">
      <th scope="row" className={`font-normal ${CELL}`}>
        {name}
      </th>
      {cells.map((text, at) => (
        <td key={at} className={CELL}>
          {text}
        </td>
      ))}
    </tr>
  )
}
