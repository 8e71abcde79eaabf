import type { ProviderId, TermChoices } from '@valetkey/wallet/protocol'
import { chosenModels, modelsOffered, type ConsentDraft } from '../consent-draft.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { CheckRow } from './check-row.tsx'
import { FoldRow } from './fold-row.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly choices: TermChoices
  readonly draft: ConsentDraft
  /** The providers that are not off. */
  readonly providers: readonly ProviderId[]
  readonly onChange: (change: Partial<ConsentDraft>) => void
}

/** Which models: any, or those ticked. */
export function ConsentModels({ choices, draft, providers, onChange }: Props) {
  const words = MESSAGES.consent
  const chosen = providers.flatMap((provider) => chosenModels(draft, provider))

  const tick = (provider: ProviderId, model: string, ticked: boolean) => {
    const others = (draft.models[provider] ?? []).filter((name) => name !== model)
    onChange({ models: { ...draft.models, [provider]: ticked ? [...others, model] : others } })
  }

  return (
    <FoldRow label={words.models} value={draft.anyModel ? words.anyModel : summaryOf(chosen)}>
      <CheckRow
        label={words.anyModel}
        checked={draft.anyModel}
        onChange={(anyModel) => {
          onChange({ anyModel })
        }}
      />
      {!draft.anyModel &&
        providers.map((provider) => (
          <fieldset key={provider}>
            <legend className="pt-2 text-group font-bold text-ink2">
              {providerName(provider)}
            </legend>
            {modelsOffered(choices, provider).map((model) => (
              <CheckRow
                key={model}
                label={model}
                checked={draft.models[provider]?.includes(model) ?? false}
                onChange={(ticked) => {
                  tick(provider, model, ticked)
                }}
              />
            ))}
            <TextField
              label={words.otherModels(providerName(provider))}
              hint={words.otherModelsHint}
              maxLength={2000}
              value={draft.patterns[provider] ?? ''}
              onType={(text) => {
                onChange({ patterns: { ...draft.patterns, [provider]: text } })
              }}
            />
          </fieldset>
        ))}
    </FoldRow>
  )
}

function summaryOf(models: readonly string[]): string {
  const words = MESSAGES.consent
  if (models.length === 0) return words.noModels
  return models.length <= 2 ? models.join(', ') : words.chosenModels(models.length)
}
