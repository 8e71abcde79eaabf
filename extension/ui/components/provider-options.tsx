import type { ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { COMMON_PROVIDERS, OTHER_PROVIDERS } from '../provider-order.ts'

/** Every provider as a choice: the common ones first, then the others by name. Typing finds one. */
export function ProviderOptions() {
  const words = MESSAGES.addKey.providerGroups
  return (
    <>
      <Group label={words.common} providers={COMMON_PROVIDERS} />
      <Group label={words.others} providers={OTHER_PROVIDERS} />
    </>
  )
}

interface GroupProps {
  readonly label: string
  readonly providers: readonly ProviderId[]
}

function Group({ label, providers }: GroupProps) {
  return (
    <optgroup label={label}>
      {providers.map((provider) => (
        <option key={provider} value={provider}>
          {providerName(provider)}
        </option>
      ))}
    </optgroup>
  )
}
