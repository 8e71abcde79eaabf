import {
  callEndingSchema,
  type GrantId,
  type UsageFilter,
  type UsageSummary,
} from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { UsageSelect } from './usage-select.tsx'

interface Props {
  readonly choices: UsageSummary['choices']
  readonly filter: UsageFilter
  readonly onChange: (filter: UsageFilter) => void
}

const ENDINGS = callEndingSchema.options

/** By what the calls are narrowed: only what leads to some is offered. */
export function UsageFilters({ choices, filter, onChange }: Props) {
  const { all, labels, filters } = MESSAGES.usage.table
  const { grantIds, provider, model, ending, ...rest } = filter
  const narrow = (to: Partial<Record<'grantIds' | 'provider' | 'model' | 'ending', unknown>>) => {
    const next = Object.entries({ grantIds, provider, model, ending, ...to })
    onChange({ ...rest, ...Object.fromEntries(next.filter(([, value]) => value !== undefined)) })
  }
  const app = choices.apps.findIndex((choice) => sameIds(choice.grantIds, grantIds))
  return (
    <div role="group" aria-label={filters} className="mb-3 grid grid-cols-2 gap-2 md:grid-cols-4">
      <UsageSelect
        label={labels.app}
        all={all.app}
        value={app}
        options={choices.apps.map(({ name }) => name ?? MESSAGES.usage.unknownApp)}
        onChange={(index) => {
          narrow({ grantIds: choices.apps[index]?.grantIds })
        }}
      />
      <UsageSelect
        label={labels.provider}
        all={all.provider}
        value={provider ? choices.providers.indexOf(provider) : -1}
        options={choices.providers.map(providerName)}
        onChange={(index) => {
          narrow({ provider: choices.providers[index] })
        }}
      />
      <UsageSelect
        label={labels.model}
        all={all.model}
        value={model === undefined ? -1 : choices.models.indexOf(model)}
        options={choices.models}
        onChange={(index) => {
          narrow({ model: choices.models[index] })
        }}
      />
      <UsageSelect
        label={labels.ending}
        all={all.ending}
        value={ending ? ENDINGS.indexOf(ending) : -1}
        options={ENDINGS.map((one) => MESSAGES.usage.endings[one])}
        onChange={(index) => {
          narrow({ ending: ENDINGS[index] })
        }}
      />
    </div>
  )
}

function sameIds(ids: readonly GrantId[], chosen: readonly GrantId[] = []): boolean {
  return ids.length === chosen.length && ids.every((id) => chosen.includes(id))
}
