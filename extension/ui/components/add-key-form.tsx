import { useNewKey, type SavedKey } from '../hooks/use-new-key.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { KeyField } from './key-field.tsx'
import { KeyNameField } from './key-name-field.tsx'
import { KeyPageLink } from './key-page-link.tsx'
import { Notice } from './notice.tsx'
import { OwnServerField } from './own-server-field.tsx'
import { ProviderSelect } from './provider-select.tsx'

interface Props {
  /** Whether the key box is what the person came for. */
  readonly takesFocus: boolean
  /** What was put beside the form, with a key in it. */
  readonly given?: string | undefined
  readonly onSaved: (saved: SavedKey) => void
}

/** Takes a provider key, saves it sealed and has it tested. What was typed is gone once it is saved. */
export function AddKeyForm({ takesFocus, given, onSaved }: Props) {
  const words = MESSAGES.addKey
  const own = MESSAGES.ownServer
  const form = useNewKey(onSaved, given)
  const { provider, refusal, isOwn } = form
  const keyHint = isOwn ? own.keyHint : words.keyHint

  return (
    <Form onSubmit={form.save}>
      <ProviderSelect value={provider} onChange={form.choose} />
      {form.hasPlace && (
        <OwnServerField
          {...{ provider, typed: form.address, read: form.base }}
          {...{ asked: form.asked, agreed: form.agreed }}
          onType={form.typeAddress}
          onAgree={form.setAgreed}
        />
      )}
      <KeyField
        label={isOwn ? own.keyOptional : words.key}
        autoFocus={takesFocus}
        value={form.typed}
        hint={refusal ?? keyHint}
        wrong={refusal !== null}
        onType={form.type}
      />
      {!isOwn && <KeyPageLink provider={provider} text={words.keyPage} />}
      <KeyNameField
        label={words.name}
        hint={words.nameHint}
        value={form.label}
        onChange={form.setName}
      />
      {form.error && (
        <div className="mt-3">
          <ErrorNotice error={form.error} />
        </div>
      )}
      {form.unreachable && (
        <div className="mt-3">
          <Notice tone="stop" {...words.noAccess(providerName(provider))} />
        </div>
      )}
      <Button look="primary" type="submit" disabled={form.busy} className="mt-4 w-full">
        {form.busy ? words.busy : words.submit}
      </Button>
    </Form>
  )
}
