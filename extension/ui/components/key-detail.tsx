import type { KeySummary } from '@valetkey/wallet/protocol'
import { expiryForPeople, expiryState } from '../expiry.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import { KeyAway } from './key-away.tsx'
import { KeyFacts } from './key-facts.tsx'
import { KeyForm } from './key-form.tsx'
import { KeyKept } from './key-kept.tsx'
import { KeyPrices } from './key-prices.tsx'
import { KeySecret } from './key-secret.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly summary: KeySummary
  readonly onRemove: (summary: KeySummary) => void
}

/** All about one key, and all that can be done with it. */
export function KeyDetail({ summary, onRemove }: Props) {
  const words = MESSAGES.dashboardKeys.expiry
  const now = useNow()
  const { expiresAt, archived } = summary
  const state = expiryState(expiresAt, now)
  return (
    <>
      {expiresAt !== null && !archived && (state === 'soon' || state === 'over') && (
        <div className="px-4 pt-3">
          <Notice
            tone={state === 'over' ? 'stop' : 'warn'}
            message={words.line(keyName(summary), expiryForPeople(expiresAt, now))}
            action={words.action}
          />
        </div>
      )}
      <KeyKept summary={summary} now={now} />
      <KeyFacts summary={summary} now={now} />
      <KeySecret summary={summary} />
      <KeyForm key={`${summary.label} ${summary.notes} ${String(expiresAt)}`} summary={summary} />
      <KeyPrices summary={summary} />
      <KeyAway summary={summary} onRemove={onRemove} />
    </>
  )
}
