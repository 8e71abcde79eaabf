import { useId } from 'react'
import { providerIdSchema, type PreviewKey, type ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { ProviderOptions } from './provider-options.tsx'
import { SelectBox } from './select-box.tsx'

interface Props {
  readonly found: PreviewKey
  readonly taken: boolean
  readonly provider: ProviderId
  readonly disabled: boolean
  readonly onTake: (taken: boolean) => void
  readonly onProvider: (provider: ProviderId) => void
}

/** One key of a file: whether it comes in, whose it is, and why it need not. */
export function ImportRow({ found, taken, provider, disabled, onTake, onProvider }: Props) {
  const words = MESSAGES.transfer
  const id = useId()
  const name = found.label === '' ? words.unnamed : found.label
  const notes = [
    found.masked,
    ...(found.archived ? [words.archived] : []),
    ...(found.duplicateOf === null ? [] : [words.duplicate(found.duplicateOf)]),
    ...(found.repeated && found.duplicateOf === null ? [words.repeated] : []),
  ]
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-1.5 not-first:border-t not-first:border-line">
      <input
        id={id}
        type="checkbox"
        className="size-4 shrink-0"
        aria-label={words.take(name)}
        checked={taken}
        disabled={disabled}
        onChange={(event) => {
          onTake(event.target.checked)
        }}
      />
      <label htmlFor={id} className="min-w-40 flex-1">
        <span className="block font-medium">{name}</span>
        <span className="block text-small text-ink2">{notes.join(' · ')}</span>
        {!found.sure && !disabled && (
          <span className="block text-small text-warn">{words.unsure}</span>
        )}
      </label>
      {found.sure || disabled ? (
        <span className="text-ink2">{providerName(provider)}</span>
      ) : (
        <SelectBox
          aria-label={words.whose(name)}
          value={provider}
          onChange={(event) => {
            onProvider(providerIdSchema.parse(event.target.value))
          }}
        >
          <ProviderOptions />
        </SelectBox>
      )}
    </li>
  )
}
