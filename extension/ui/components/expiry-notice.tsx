import type { KeySummary } from '@valetkey/wallet/protocol'
import { expiryForPeople, expiryState } from '../expiry.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly keys: readonly KeySummary[]
  /** Goes to the key, or to all of them where `keyId` is null. */
  readonly onOpen: (keyId: string | null) => void
}

/** A line about keys that end soon, or have ended. Nothing while there are none. */
export function ExpiryNotice({ keys, onOpen }: Props) {
  const words = MESSAGES.dashboardKeys.expiry
  const now = useNow()
  const ending = keys.filter(
    ({ archived, expiresAt }) =>
      !archived && ['soon', 'over'].includes(expiryState(expiresAt, now)),
  )
  const [first, ...others] = ending
  if (!first) return null
  const isOne = others.length === 0
  const message = isOne
    ? words.line(keyName(first), expiryForPeople(first.expiresAt ?? now, now))
    : words.many(ending.length)
  return (
    <Notice tone="warn" message={message} action={isOne ? words.action : words.actionMany}>
      <Button
        look="paper"
        small
        onClick={() => {
          onOpen(isOne ? first.id : null)
        }}
      >
        {isOne ? words.replace : words.see}
      </Button>
    </Notice>
  )
}
