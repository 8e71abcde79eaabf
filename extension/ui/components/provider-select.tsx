import { providerIdSchema, type ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { Labelled } from './labelled.tsx'
import { ProviderOptions } from './provider-options.tsx'
import { SelectBox } from './select-box.tsx'

interface Props {
  readonly value: ProviderId
  readonly onChange: (provider: ProviderId) => void
}

/** Which provider a key belongs to. */
export function ProviderSelect({ value, onChange }: Props) {
  return (
    <Labelled
      label={MESSAGES.addKey.provider}
      box={(ids) => (
        <SelectBox
          {...ids}
          value={value}
          onChange={(event) => {
            onChange(providerIdSchema.parse(event.target.value))
          }}
        >
          <ProviderOptions />
        </SelectBox>
      )}
    />
  )
}
