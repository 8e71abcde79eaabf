import { useState } from 'react'
import type { OwnAppDraft, OwnAppKind } from '@valetkey/wallet/protocol'
import { useAction } from '../hooks/use-action.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { readApp, type TypedApp } from '../own-app-draft.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { ServerError } from './server-error.tsx'
import { TextArea } from './text-area.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly kind: OwnAppKind
  readonly start: TypedApp
  readonly submit: string
  readonly onDraft: (draft: OwnAppDraft) => Promise<void>
}

/** What an owner says of an app. What is wrong is said at its box, once it was submitted. */
export function OwnAppForm({ kind, start, submit, onDraft }: Props) {
  const words = DEVELOPER_WORDS.form
  const [typed, setTyped] = useState(start)
  const [isSent, setSent] = useState(false)
  const { busy, error, run } = useAction()
  const read = readApp(typed, kind)
  const faults = isSent && 'faults' in read ? read.faults : null
  const box = (name: keyof TypedApp, hint: string) => ({
    value: typed[name],
    readOnly: busy,
    hint: faults?.[name] ?? hint,
    wrong: (faults?.[name] ?? null) !== null,
    onType: (text: string) => {
      setTyped({ ...typed, [name]: text })
    },
  })
  return (
    <Form
      onSubmit={() => {
        setSent(true)
        if ('draft' in read) run(() => onDraft(read.draft))
      }}
    >
      <TextField label={words.name} maxLength={300} {...box('name', words.nameHint)} />
      <TextField
        label={words.site}
        inputMode="url"
        placeholder="https://notes.example"
        {...box('site', kind === 'program' ? words.siteHintProgram : words.siteHint)}
      />
      <TextArea
        label={words.redirects}
        inputMode="url"
        placeholder="https://notes.example/callback"
        {...box('redirects', words.redirectsHint)}
      />
      {error && (
        <div className="mt-3">
          <ServerError error={error} />
        </div>
      )}
      <Button look="primary" type="submit" className="mt-4" disabled={busy}>
        {busy ? words.busy : submit}
      </Button>
    </Form>
  )
}
