import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { Section } from './section.tsx'
import { TextField } from './text-field.tsx'

const WORD = 'erase'

/** Starting again: everything goes, once the person typed that they mean it. */
export function ErasePanel() {
  const words = MESSAGES.transfer
  const [asks, setAsks] = useState(false)
  const [wasAsked, setWasAsked] = useState(false)

  return (
    <Section title={words.eraseTitle}>
      <p className="text-ink2">{words.eraseText}</p>
      {!asks && (
        <Button
          className="mt-3"
          autoFocus={wasAsked}
          onClick={() => {
            setAsks(true)
            setWasAsked(true)
          }}
        >
          {words.eraseOffer}
        </Button>
      )}
      {asks && (
        <EraseForm
          onKeep={() => {
            setAsks(false)
          }}
        />
      )}
    </Section>
  )
}

function EraseForm({ onKeep }: { readonly onKeep: () => void }) {
  const words = MESSAGES.transfer
  const [typed, setTyped] = useState('')
  const { busy, error, run } = useAction()
  const isMeant = typed.trim().toLowerCase() === WORD
  return (
    <Form
      className="appear"
      onKeyDown={onEscape(() => {
        if (!busy) onKeep()
      })}
      onSubmit={() => {
        if (!isMeant) return
        run(async () => {
          await request('wallet.erase', { typed: WORD })
        })
      }}
    >
      <TextField
        label={words.eraseQuestion}
        autoComplete="off"
        autoFocus
        value={typed}
        hint={words.eraseHint}
        onType={setTyped}
      />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" disabled={busy} onClick={onKeep}>
          {words.eraseCancel}
        </Button>
        <Button type="submit" disabled={busy || !isMeant}>
          {busy ? words.erasing : words.eraseRun}
        </Button>
      </div>
    </Form>
  )
}
