import { parseUsd, type ConsentRequest, type Terms } from '@valetkey/wallet/protocol'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople } from '../money.ts'
import { openTab } from '../open-tab.ts'
import { providerName } from '../provider-facts.ts'
import { list } from '../sentences.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly app: NonNullable<ConsentRequest['app']>
  readonly proposed: Terms
}

/** What an app says of itself and would like, in its own words and marked as such: nobody vouches for it. */
export function ConsentApp({ app, proposed }: Props) {
  const words = MESSAGES.consent
  const { reason, budget, providers } = app
  const wish = budget && wouldSpend(budget, proposed)
  return (
    <>
      {reason !== null && <p className="mt-2 break-words text-ink2">{words.says(reason)}</p>}
      {wish !== null && <p className="mt-2 text-ink2">{wish}</p>}
      {proposed.providers.length === 0 && (
        <div className="mt-3">
          <Notice
            tone="warn"
            message={
              providers.length > 0
                ? words.noKeyFor(list(providers.map(providerName), 'disjunction'))
                : words.noKeyAtAll
            }
          >
            <Button
              small
              look="paper"
              onClick={() => {
                // This window stays: closing it would be a no.
                void openTab(`/dashboard.html${linkTo('keys')}`)
              }}
            >
              {words.addKey}
            </Button>
          </Notice>
        </div>
      )}
    </>
  )
}

/** Null: it asks for no more than is proposed. */
function wouldSpend(
  { usd, window }: NonNullable<Props['app']['budget']>,
  proposed: Terms,
): string | null {
  const same = proposed.budgets.find((budget) => budget.window === window)
  if (same && parseUsd(usd) <= parseUsd(same.usd)) return null
  return MESSAGES.consent.wouldSpend(`${dollarsForPeople(usd)} ${MESSAGES.perWindow[window]}`)
}
