import { useId } from 'react'
import {
  keysOf,
  type ProviderId,
  type ProviderTerms,
  type TermChoices,
} from '@valetkey/wallet/protocol'
import { withKey } from '../consent-draft.ts'
import { MESSAGES } from '../messages.ts'
import { keyName, providerName } from '../provider-facts.ts'
import { CheckRow } from './check-row.tsx'
import { FieldRow } from './field-row.tsx'
import { FoldRow } from './fold-row.tsx'
import { RowSelect } from './row-select.tsx'

interface Props {
  readonly provider: ProviderId
  readonly keys: TermChoices['keys']
  readonly value: ProviderTerms['keys'] | null
  readonly alone: boolean
  readonly onChange: (keys: ProviderTerms['keys'] | null) => void
}

/** Which keys of a provider the site may use: one, several that stand in for each other, or none. */
export function ConsentKeyRow({ provider, keys, value, alone, onChange }: Props) {
  const words = MESSAGES.consent
  const id = useId()
  const own = keys.filter((key) => key.provider === provider)
  const [only, ...others] = own
  const label = alone ? words.key : words.keyOf(providerName(provider))
  if (only && others.length === 0) {
    return (
      <FieldRow label={label} htmlFor={id}>
        <RowSelect
          id={id}
          className="max-w-full"
          value={value ? only.id : ''}
          onChange={(event) => {
            onChange(event.target.value === '' ? null : { only: only.id })
          }}
        >
          <option value={only.id}>{keyName(only)}</option>
          <option value="">{words.off}</option>
        </RowSelect>
      </FieldRow>
    )
  }
  const chosen = value ? own.filter((key) => keysOf(value).includes(key.id)) : []
  return (
    <FoldRow label={label} value={summaryOf(chosen)}>
      <p className="py-1 text-small text-ink2">{words.poolHint}</p>
      {own.map((key) => (
        <CheckRow
          key={key.id}
          label={keyName(key)}
          checked={chosen.includes(key)}
          onChange={(ticked) => {
            onChange(withKey(value, { keyId: key.id, ticked, order: own.map((each) => each.id) }))
          }}
        />
      ))}
    </FoldRow>
  )
}

function summaryOf(chosen: TermChoices['keys']): string {
  const words = MESSAGES.consent
  const [first, ...others] = chosen
  if (!first) return words.off
  return others.length === 0 ? keyName(first) : words.manyKeys(chosen.length)
}
