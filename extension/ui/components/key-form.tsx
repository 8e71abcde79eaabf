import { useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { dateOfExpiry, expiryOfDate } from '../expiry.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ExpiryField } from './expiry-field.tsx'
import { Form } from './form.tsx'
import { KeyNameField } from './key-name-field.tsx'
import { Section } from './section.tsx'
import { TextArea } from './text-area.tsx'

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
      <Form
        onSubmit={() => {
          run(async () => {
            await request('key.update', { keyId, label, notes, expiresAt: expiryOfDate(date) })
          })
        }}
      >
        <KeyNameField label={words.name} hint={words.nameHint} value={label} onChange={setLabel} />
        <ExpiryField
          label={words.expires}
          hint={words.expiresHint}
          value={date}
          onChange={setDate}
        />
        <TextArea
          label={words.notes}
          maxLength={10_000}
          value={notes}
          hint={words.notesHint}
          onType={setNotes}
        />
        {error && (
          <div className="mt-3">
            <ErrorNotice error={error} />
          </div>
        )}
        <Button type="submit" className="mt-3" disabled={busy || isSame}>
          {words.save}
        </Button>
      </Form>
    </Section>
  )
}
