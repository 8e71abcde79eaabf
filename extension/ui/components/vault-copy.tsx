import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { saveAsFile } from '../save-as-file.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

/** A copy of what the browser stored, before anything is done about it. */
export function VaultCopy() {
  const words = MESSAGES.faults
  const [done, setDone] = useState(false)
  const { busy, error, run } = useAction()
  const save = () => {
    run(async () => {
      const { text } = await request('recovery.copy', {})
      saveAsFile(words.copyFile, text)
      setDone(true)
    })
  }
  return (
    <>
      <h2 className="mt-6 font-bold">{words.copyTitle}</h2>
      <p className="text-ink2">{words.copyText}</p>
      <Button className="mt-3" disabled={busy} onClick={save}>
        {words.copy}
      </Button>
      {done && (
        <div className="mt-3">
          <Notice tone="go" message={words.copyDone} />
        </div>
      )}
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
    </>
  )
}
