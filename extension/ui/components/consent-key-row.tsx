import { useId } from 'react'
import type { ConsentRequest, ProviderId, ProviderTerms } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { keyName, providerName } from '../provider-facts.ts'
import { FieldRow } from './field-row.tsx'
import { RowSelect } from './row-select.tsx'

interface Props {
  readonly provider: ProviderId
  readonly keys: ConsentRequest['keys']
  readonly value: ProviderTerms['keys'] | null
  readonly alone: boolean
  readonly onChange: (keys: ProviderTerms['keys'] | null) => void
}

/** Which key of a provider the site may use, or none. */
export function ConsentKeyRow({ provider, keys, value, alone, onChange }: Props) {
  const words = MESSAGES.consent
  const id = useId()
  const own = keys.filter((key) => key.provider === provider)
  const chosenId = value && 'only' in value ? value.only : ''
  return (
    <FieldRow label={alone ? words.key : words.keyOf(providerName(provider))} htmlFor={id}>
      <RowSelect
        id={id}
        className="max-w-full"
        value={value && 'pool' in value ? 'pool' : chosenId}
        onChange={(event) => {
          const key = own.find((candidate) => candidate.id === event.target.value)
          if (key) onChange({ only: key.id })
          else if (event.target.value === 'pool') onChange({ pool: own.map((entry) => entry.id) })
          else onChange(null)
        }}
      >
        {value && 'pool' in value && <option value="pool">{words.anyKey}</option>}
        {own.map((key) => (
          <option key={key.id} value={key.id}>
            {keyName(key)}
          </option>
        ))}
        <option value="">{words.off}</option>
      </RowSelect>
    </FieldRow>
  )
}
