import { PROVIDER_IDS, type SiteState } from '@valetkey/wallet/protocol'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { timeLeft } from '../time-left.ts'
import { Notice } from './notice.tsx'
import { SiteLane } from './site-lane.tsx'
import { SpendMeter } from './spend-meter.tsx'
import { Ticket } from './ticket.tsx'

interface Props {
  readonly origin: string
  readonly grant: NonNullable<SiteState['grant']>
  readonly paused: boolean
}

/** What a site spent of its budgets, and its valet keys: a ticket for each provider. */
export function SiteGrant({ origin, grant, paused }: Props) {
  const now = useNow()
  const { terms, valetKeys, usedNanoUsd } = grant
  const tickets = PROVIDER_IDS.flatMap((provider) => {
    const [first, ...others] = valetKeys.filter((entry) => entry.provider === provider)
    return first ? [{ provider, first, others }] : []
  })
  return (
    <>
      {paused && (
        <div className="mt-3">
          <Notice tone="warn" message={MESSAGES.site.pausedHint} />
        </div>
      )}
      {terms.budgets.map(({ usd, window }, index) => (
        <SpendMeter
          key={window}
          usedNanoUsd={usedNanoUsd[index] ?? 0}
          limitUsd={usd}
          window={window}
          amongOthers={terms.budgets.length > 1}
          note={index === 0 ? timeLeft(terms.expiresAt, now) : undefined}
        />
      ))}
      {tickets.map(({ provider, first, others }) => (
        <Ticket
          key={provider}
          title={
            tickets.length === 1
              ? MESSAGES.ticket.title
              : MESSAGES.ticket.titleOf(providerName(provider))
          }
          provider={provider}
          first={first}
          others={others}
        />
      ))}
      <p className="mt-2 text-small text-ink2">
        {tickets.length > 0 ? MESSAGES.ticket.hint : MESSAGES.site.connectedHint}
      </p>
      {/* An app that connected itself has nothing else on its pages to reach. */}
      {tickets.length > 0 && <SiteLane origin={origin} lane={terms.lane} />}
    </>
  )
}
