import type { UsageBudget } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { moneyForPeople } from '../money.ts'
import { Section } from './section.tsx'
import { SpendMeter } from './spend-meter.tsx'

/** How far the budgets of each site are used, as bars. */
export function UsageBudgets({ budgets }: { readonly budgets: readonly UsageBudget[] }) {
  const words = MESSAGES.usage.budgets
  return (
    <Section title={words.title}>
      {budgets.length === 0 && <p className="text-ink2">{words.none}</p>}
      <ul className="grid gap-4">
        {budgets.map(({ grantId, app, budgets: limits }) => (
          <li key={grantId}>
            <p className="font-medium">{app}</p>
            {limits.map(({ usd, window, usedNanoUsd, heldNanoUsd }) => (
              <SpendMeter
                key={window}
                usedNanoUsd={usedNanoUsd}
                heldNanoUsd={heldNanoUsd}
                limitUsd={usd}
                window={window}
                amongOthers
                note={heldNanoUsd > 0 ? words.held(moneyForPeople(heldNanoUsd)) : undefined}
              />
            ))}
          </li>
        ))}
      </ul>
    </Section>
  )
}
