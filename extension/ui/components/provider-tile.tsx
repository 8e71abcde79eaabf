import type { ProviderId } from '@valetkey/wallet/protocol'
import { providerName } from '../provider-facts.ts'

const TINTS: Record<ProviderId, string> = {
  openai: 'bg-tint-1-soft text-tint-1',
  anthropic: 'bg-tint-2-soft text-tint-2',
  google: 'bg-tint-3-soft text-tint-3',
  groq: 'bg-tint-4-soft text-tint-4',
}

/** A provider's letter in its colour. The name always stands beside it: colour alone says nothing. */
export function ProviderTile({ provider }: { readonly provider: ProviderId }) {
  return (
    <span
      aria-hidden="true"
      className={`grid size-7 shrink-0 place-items-center rounded-chip text-group font-bold ${TINTS[provider]}`}
    >
      {providerName(provider).charAt(0)}
    </span>
  )
}
