import { useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { dateOfExpiry, expiryOfDate } from '../expiry.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { TextArea } from './text-area.tsx'
import { TextField } from './text-field.tsx'

/** What the person says about a key: its name, notes, and when it ends. */
export function KeyForm({ summary }: { readonly summary: KeySummary }) {
  const words = MESSAGES.dashboardKeys.form
  const { id: keyId } = summary
  const [label, setLabel] = useState(summary.label)
  const [notes, setNotes] = useState(summary.notes)
  const [date, setDate] = useState(() => dateOfExpiry(summary.expiresAt))
  const { busy, error, run } = useAction()
  const isSame =
    label === summary.label && notes === summary.notes && date === dateOfExpiry(summary.expiresAt)

  return (
    <Section title={words.title}>
      <form
        autoComplete="off"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          run(async () => {
            await request('key.update', { keyId, label, notes, expiresAt: expiryOfDate(date) })
          })
        }}
      >
        <TextField
          label={words.name}
          autoComplete="off"
          maxLength={80}
          value={label}
          hint={words.nameHint}
          onChange={(event) => {
            setLabel(event.target.value)
          }}
        />
        <TextField
          label={words.expires}
          type="date"
          autoComplete="off"
          min="2000-01-01"
          max="2199-12-31"
          value={date}
          hint={words.expiresHint}
          onChange={(event) => {
            setDate(event.target.value)
          }}
        />
        <TextArea
          label={words.notes}
          maxLength={10_000}
          value={notes}
          hint={words.notesHint}
          onChange={(event) => {
            setNotes(event.target.value)
          }}
        />
        {error && (
          <div className="mt-3">
            <ErrorNotice error={error} />
          </div>
        )}
        <Button type="submit" className="mt-3" disabled={busy || isSame}>
          {words.save}
        </Button>
      </form>
    </Section>
  )
}
