import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { Notice } from './notice.tsx'

/** Everything about usage goes, after a question. */
export function UsageErase() {
  const words = MESSAGES.usage.keeping
  const [asks, setAsks] = useState(false)
  const [isErased, setErased] = useState(false)
  const { busy, error, run } = useAction()
  const erase = () => {
    run(async () => {
      await request('usage.erase', {})
      setAsks(false)
      setErased(true)
    })
  }
  return (
    <div className="mt-4">
      <p className="text-ink2">{words.eraseText}</p>
      {asks ? (
        <InlineQuestion
          question={words.eraseQuestion}
          yes={words.eraseYes}
          no={words.eraseNo}
          busy={busy}
          onYes={erase}
          onNo={() => {
            setAsks(false)
          }}
        />
      ) : (
        <Button
          className="mt-3"
          onClick={() => {
            setErased(false)
            setAsks(true)
          }}
        >
          {words.erase}
        </Button>
      )}
      {error && <ErrorNotice error={error} />}
      {isErased && !asks && (
        <div className="mt-3">
          <Notice tone="go" message={words.erased} />
        </div>
      )}
    </div>
  )
}
