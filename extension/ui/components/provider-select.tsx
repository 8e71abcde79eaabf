import { useId } from 'react'
import { providerIdSchema, type ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { ProviderOptions } from './provider-options.tsx'
import { SelectBox } from './select-box.tsx'

interface Props {
  readonly value: ProviderId
  readonly onChange: (provider: ProviderId) => void
}

/** Which provider a key belongs to. */
export function ProviderSelect({ value, onChange }: Props) {
  const id = useId()
  return (
    <div className="mt-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {MESSAGES.addKey.provider}
      </label>
      <SelectBox
        id={id}
        value={value}
        onChange={(event) => {
          onChange(providerIdSchema.parse(event.target.value))
        }}
      >
        <ProviderOptions />
      </SelectBox>
    </div>
  )
}
