import type { ProviderId } from '@valetkey/wallet/protocol'
import { letterOf, tintOf } from '../provider-tint.ts'

const TINTS = [
  'bg-tint-1-soft text-tint-1',
  'bg-tint-2-soft text-tint-2',
  'bg-tint-3-soft text-tint-3',
  'bg-tint-4-soft text-tint-4',
] as const

/** A provider's letter in a colour. The name always stands beside it: colour alone says nothing. */
export function ProviderTile({ provider }: { readonly provider: ProviderId }) {
  const tint = TINTS[tintOf(provider)] ?? TINTS[0]
  return (
    <span
      aria-hidden="true"
      className={`grid size-7 shrink-0 place-items-center rounded-chip text-group font-bold ${tint}`}
    >
      {letterOf(provider)}
    </span>
  )
}
