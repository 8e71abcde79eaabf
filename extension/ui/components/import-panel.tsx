import { useEffect, useRef } from 'react'
import type { Brought } from '../brought.ts'
import { useImport } from '../hooks/use-import.ts'
import { MESSAGES } from '../messages.ts'
import { BackupMerge } from './backup-merge.tsx'
import { BackupOpenForm } from './backup-open-form.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ImportDone } from './import-done.tsx'
import { ImportPreview } from './import-preview.tsx'
import { ImportSource } from './import-source.tsx'
import { Section } from './section.tsx'

interface Props {
  /** What was dropped or pasted beside it: looked at without being asked. */
  readonly brought?: Brought | null
  /** Leaves the panel; without it there is nowhere else to go. */
  readonly onLeave?: () => void
}

/** Brings keys into the open vault: a file, what is in it, what became of it. */
export function ImportPanel({ brought = null, onLeave }: Props) {
  const { step, busy, error, ...act } = useImport()
  const restart = onLeave ?? act.restart
  const looked = useRef<Brought | null>(null)

  useEffect(() => {
    if (brought === null || looked.current === brought) return
    looked.current = brought
    if ('file' in brought) act.lookAtFile(brought.file)
    else act.lookAtText(brought.text)
  })

  return (
    <Section title={MESSAGES.transfer.bringTitle} busy={busy}>
      {step.at === 'source' && (
        <ImportSource
          busy={busy}
          refusal={step.refusal}
          takesFocus={step.again}
          onText={act.lookAtText}
          onFile={act.lookAtFile}
        />
      )}
      {step.at === 'backup' && (
        <BackupOpenForm
          busy={busy}
          error={error}
          onOpen={(credentials) => {
            act.openBackup(step.file, credentials)
          }}
          onCancel={restart}
        />
      )}
      {step.at === 'preview' && (
        <ImportPreview
          preview={step.preview}
          picked={step.picked}
          busy={busy}
          onRun={(chosen) => {
            act.bring(step.source, [...chosen])
          }}
          onCancel={restart}
        />
      )}
      {step.at === 'merge' && (
        <BackupMerge
          same={step.same}
          busy={busy}
          onRun={() => {
            act.merge(step.backup)
          }}
          onCancel={restart}
        />
      )}
      {step.at === 'done' && <ImportDone {...step} onAgain={act.restart} onLeave={onLeave} />}
      {step.at === 'merged' && (
        <ImportDone imported={null} skipped={0} onAgain={act.restart} onLeave={onLeave} />
      )}
      {error && step.at !== 'backup' && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
    </Section>
  )
}
