import { useState } from 'react'
import type { ConsentRequest } from '@valetkey/wallet/protocol'
import { providersOf, type ConsentDraft } from '../consent-draft.ts'
import { ConsentAbilities } from './consent-abilities.tsx'
import { ConsentKeyRow } from './consent-key-row.tsx'
import { ConsentModels } from './consent-models.tsx'
import { ConsentSpend } from './consent-spend.tsx'
import { ConsentUntil } from './consent-until.tsx'

interface Props {
  readonly request: ConsentRequest
  readonly draft: ConsentDraft
  readonly onChange: (change: Partial<ConsentDraft>) => void
}

/** Everything about the grant that can be adjusted before it is given. */
export function ConsentTerms({ request, draft, onChange }: Props) {
  const providers = providersOf(request)
  const [openedAt] = useState(() => Date.now())
  return (
    <div className="grid gap-2">
      {providers.map((provider) => (
        <ConsentKeyRow
          key={provider}
          provider={provider}
          keys={request.keys}
          value={draft.keys[provider] ?? null}
          alone={providers.length === 1}
          onChange={(keys) => {
            onChange({ keys: { ...draft.keys, [provider]: keys } })
          }}
        />
      ))}
      <ConsentAbilities
        offered={request.capabilities}
        chosen={draft.abilities}
        onChange={(abilities) => {
          onChange({ abilities })
        }}
      />
      <ConsentModels
        request={request}
        draft={draft}
        providers={providers.filter((provider) => draft.keys[provider])}
        onChange={onChange}
      />
      <ConsentSpend amount={draft.amount} window={draft.window} onChange={onChange} />
      <ConsentUntil
        proposed={request.proposed.expiresAt}
        value={draft.expiresAt}
        now={openedAt}
        onChange={(expiresAt) => {
          onChange({ expiresAt })
        }}
      />
    </div>
  )
}
