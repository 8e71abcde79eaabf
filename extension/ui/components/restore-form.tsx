import { useState } from 'react'
import { request } from '../background-client.ts'
import { readChosenFile } from '../chosen-file.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { BackupErrorNotice } from './backup-error-notice.tsx'
import { Button } from './button.tsx'
import { FileButton } from './file-button.tsx'
import { Notice } from './notice.tsx'
import { TextField } from './text-field.tsx'

type Problem = 'noBackup' | 'needsFile'

/** Makes the vault of a backup on a computer that has none. */
export function RestoreForm({ onCancel }: { readonly onCancel: () => void }) {
  const words = MESSAGES.transfer
  const [chosen, setChosen] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [secretKey, setSecretKey] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const { busy, error, run } = useAction()

  const restore = () => {
    setProblem(chosen ? null : 'needsFile')
    if (!chosen || passphrase === '' || secretKey.trim() === '') return
    run(async () => {
      const read = await readChosenFile(chosen)
      if (read.kind !== 'backup') {
        setProblem('noBackup')
        return
      }
      await request('backup.restore', { file: read.file, passphrase, secretKey: secretKey.trim() })
    })
  }

  return (
    <form
      autoComplete="off"
      noValidate
      className="mt-4"
      onSubmit={(event) => {
        event.preventDefault()
        restore()
      }}
    >
      <FileButton
        name={words.restoreFile}
        disabled={busy}
        onFile={(file) => {
          setChosen(file)
          setProblem(null)
        }}
      />
      <p role="status" className="mt-1 min-h-5 text-small text-ink2">
        {chosen && words.restoreChosen(chosen.name)}
      </p>
      <TextField
        label={words.passphrase}
        type="password"
        autoComplete="off"
        value={passphrase}
        readOnly={busy}
        onChange={(event) => {
          setPassphrase(event.target.value)
        }}
      />
      <TextField
        label={words.secretKey}
        autoComplete="off"
        value={secretKey}
        readOnly={busy}
        hint={words.secretKeyHint}
        onChange={(event) => {
          setSecretKey(event.target.value)
        }}
      />
      {problem === 'needsFile' && (
        <div className="mt-3">
          <Notice tone="stop" message={words.restoreNeedsFile} />
        </div>
      )}
      {problem === 'noBackup' && (
        <div className="mt-3">
          <Notice tone="stop" {...words.noBackup} />
        </div>
      )}
      {error && problem === null && <BackupErrorNotice error={error} />}
      <Button look="primary" type="submit" disabled={busy} className="mt-4 w-full">
        {words.restoreRun}
      </Button>
      <p role="status" className="mt-2 min-h-5 text-small text-ink2">
        {busy && words.restoring}
      </p>
      <Button look="text" className="w-full" disabled={busy} onClick={onCancel}>
        {MESSAGES.back}
      </Button>
    </form>
  )
}
