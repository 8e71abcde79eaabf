import { useState } from 'react'
import type { TermChoices } from '@valetkey/wallet/protocol'
import { providersOf, type ConsentDraft } from '../consent-draft.ts'
import { ConsentAbilities } from './consent-abilities.tsx'
import { ConsentAsk } from './consent-ask.tsx'
import { ConsentKeyRow } from './consent-key-row.tsx'
import { ConsentModels } from './consent-models.tsx'
import { ConsentMore } from './consent-more.tsx'
import { ConsentSpend } from './consent-spend.tsx'
import { ConsentUntil } from './consent-until.tsx'

interface Props {
  readonly choices: TermChoices
  readonly draft: ConsentDraft
  readonly onChange: (change: Partial<ConsentDraft>) => void
}

/** Everything about a grant that can be adjusted, before it is given and after. */
export function ConsentTerms({ choices, draft, onChange }: Props) {
  const providers = providersOf(choices)
  const [openedAt] = useState(() => Date.now())
  return (
    <div className="grid gap-2">
      {providers.map((provider) => (
        <ConsentKeyRow
          key={provider}
          provider={provider}
          keys={choices.keys}
          value={draft.keys[provider] ?? null}
          alone={providers.length === 1}
          onChange={(keys) => {
            onChange({ keys: { ...draft.keys, [provider]: keys } })
          }}
        />
      ))}
      <ConsentAbilities
        offered={choices.capabilities}
        chosen={draft.abilities}
        onChange={(abilities) => {
          onChange({ abilities })
        }}
      />
      <ConsentModels
        choices={choices}
        draft={draft}
        providers={providers.filter((provider) => draft.keys[provider])}
        onChange={onChange}
      />
      <ConsentSpend amount={draft.amount} window={draft.window} onChange={onChange} />
      <ConsentAsk choice={draft.ask} amount={draft.askAmount} onChange={onChange} />
      <ConsentUntil
        proposed={choices.proposed.expiresAt}
        value={draft.expiresAt}
        now={openedAt}
        onChange={(expiresAt) => {
          onChange({ expiresAt })
        }}
      />
      <ConsentMore
        limits={draft.limits}
        window={draft.window}
        endpoints={draft.endpoints}
        offered={choices.proposed.endpoints}
        onChange={onChange}
      />
    </div>
  )
}
