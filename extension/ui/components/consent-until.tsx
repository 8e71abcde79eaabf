import { useId } from 'react'
import { MESSAGES } from '../messages.ts'
import { dateForPeople, expiryChoices } from '../time-left.ts'
import { FieldRow } from './field-row.tsx'
import { RowSelect } from './row-select.tsx'

interface Props {
  readonly proposed: number
  readonly value: number
  readonly now: number
  readonly onChange: (expiresAt: number) => void
}

/** The day the grant ends on. */
export function ConsentUntil({ proposed, value, now, onChange }: Props) {
  const words = MESSAGES.consent
  const id = useId()
  const nameOf = (at: number) => {
    const name = dateForPeople(at, now)
    return name === dateForPeople(now, now) ? words.today : name
  }
  // The proposal stands in for the choice that falls on its own day.
  const others = expiryChoices(now).filter((at) => nameOf(at) !== nameOf(proposed))
  const choices = [proposed, ...others].sort((a, b) => a - b)
  return (
    <FieldRow label={words.until} htmlFor={id}>
      <RowSelect
        id={id}
        value={String(value)}
        onChange={(event) => {
          onChange(Number(event.target.value))
        }}
      >
        {choices.map((at) => (
          <option key={at} value={String(at)}>
            {nameOf(at)}
          </option>
        ))}
      </RowSelect>
    </FieldRow>
  )
}
