import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { TextField } from './text-field.tsx'

const WORD = 'erase'

/** Starting again: everything goes, once the person typed that they mean it. */
export function ErasePanel() {
  const words = MESSAGES.transfer
  const [asks, setAsks] = useState(false)
  const [typed, setTyped] = useState('')
  const { busy, error, run } = useAction()
  const isMeant = typed.trim().toLowerCase() === WORD

  const erase = () => {
    if (!isMeant) return
    run(async () => {
      await request('wallet.erase', { typed: WORD })
    })
  }

  return (
    <Section title={words.eraseTitle}>
      <p className="text-ink2">{words.eraseText}</p>
      {!asks && (
        <Button
          className="mt-3"
          onClick={() => {
            setAsks(true)
          }}
        >
          {words.eraseOffer}
        </Button>
      )}
      {asks && (
        <form
          autoComplete="off"
          noValidate
          className="appear"
          onSubmit={(event) => {
            event.preventDefault()
            erase()
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
            <Button
              look="primary"
              disabled={busy}
              onClick={() => {
                setAsks(false)
                setTyped('')
              }}
            >
              {words.eraseCancel}
            </Button>
            <Button type="submit" disabled={busy || !isMeant}>
              {busy ? words.erasing : words.eraseRun}
            </Button>
          </div>
        </form>
      )}
    </Section>
  )
}
