import type { CaptureRequest, GrantId, ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { hostOf } from '../site-address.ts'
import { CheckRow } from './check-row.tsx'
import { FoldRow } from './fold-row.tsx'

interface Props {
  readonly provider: ProviderId
  readonly sites: NonNullable<CaptureRequest['vault']>['sites']
  readonly chosen: readonly GrantId[]
  readonly onChange: (chosen: readonly GrantId[]) => void
}

/** Sites that may use the key too. None by itself: it is more than they were allowed. */
export function CaptureSites({ provider, sites, chosen, onChange }: Props) {
  const words = MESSAGES.capture
  const value = chosen.length === 0 ? words.noSites : words.chosenSites(chosen.length)
  return (
    <FoldRow label={words.sites} value={value}>
      {sites.map(({ grantId, origin }) => (
        <CheckRow
          key={grantId}
          label={hostOf(origin)}
          checked={chosen.includes(grantId)}
          onChange={(ticked) => {
            const rest = chosen.filter((each) => each !== grantId)
            onChange(ticked ? [...rest, grantId] : rest)
          }}
        />
      ))}
      <p className="py-1 text-small text-ink2">{words.sitesHint(providerName(provider))}</p>
    </FoldRow>
  )
}
