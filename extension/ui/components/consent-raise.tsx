import { useId } from 'react'
import { MESSAGES } from '../messages.ts'
import { dollarsForPeople, moneyAtMost } from '../money.ts'
import { readRaise, type RaisableWhy } from '../raise.ts'
import { Button } from './button.tsx'
import { DollarBox } from './dollar-box.tsx'
import { FieldRow } from './field-row.tsx'

interface Props {
  readonly call: { readonly why: RaisableWhy; readonly boundUsd: string }
  /** The amount it asks above now. */
  readonly now: string | undefined
  readonly amount: string
  readonly onType: (text: string) => void
  readonly onBack: () => void
}

/** From which amount on the person wants to be asked, and what that changes. */
export function ConsentRaise({ call, now, amount, onType, onBack }: Props) {
  const words = MESSAGES.consent
  const id = useId()
  const raised = readRaise(amount, call.boundUsd)
  return (
    <section aria-label={words.raiseTitle} className="appear grid gap-2">
      <FieldRow label={words.raiseAmount} htmlFor={id}>
        <span className="pr-3">
          <DollarBox id={id} autoFocus value={amount} onType={onType} />
        </span>
      </FieldRow>
      <div role="status">
        {raised === null ? (
          <p className="text-small text-warn">{words.raiseTooLow(moneyAtMost(call.boundUsd))}</p>
        ) : (
          <p className="text-ink2">
            {call.why === 'above'
              ? words.raiseNow.above(dollarsForPeople(now ?? '0'))
              : words.raiseNow.every_call}{' '}
            <span className="font-medium text-ink">
              {words.raiseThen(dollarsForPeople(raised))}
            </span>
          </p>
        )}
      </div>
      <Button look="text" small className="-ml-3 justify-self-start" onClick={onBack}>
        {words.raiseKeep}
      </Button>
    </section>
  )
}
