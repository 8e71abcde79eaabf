import { useState } from 'react'
import type {
  BackupCredentialsText,
  ChosenKey,
  ImportPreviewReply,
  ImportRefusalReason,
  ImportedKeySummary,
  UiResult,
} from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { askForHosts } from '../provider-access.ts'
import { readChosenFile } from '../chosen-file.ts'
import { useAction } from './use-action.ts'

interface OpenBackup {
  readonly file: string
  readonly credentials: BackupCredentialsText
}

/** Where the chosen keys come from: a text, or the backup of another vault. */
type Source = { readonly text: string } | { readonly backup: OpenBackup }
export type SameVault = Extract<UiResult<'backup.preview'>, { kind: 'same' }>
type Reply = UiResult<'import.preview'>

/** From the choice of a file to what was saved of it. */
type Step =
  /** `again`: the person came back to it. */
  | {
      readonly at: 'source'
      readonly refusal: ImportRefusalReason | null
      readonly again: boolean
    }
  | { readonly at: 'backup'; readonly file: string }
  | { readonly at: 'preview'; readonly source: Source; readonly preview: ImportPreviewReply }
  | { readonly at: 'merge'; readonly backup: OpenBackup; readonly same: SameVault }
  | {
      readonly at: 'done'
      readonly imported: readonly ImportedKeySummary[]
      readonly skipped: number
    }
  | { readonly at: 'merged' }

/** Brings keys into the open vault, a step at a time. Nothing is stored before the last one. */
export function useImport() {
  const [step, setStep] = useState<Step>({ at: 'source', refusal: null, again: false })
  const { busy, error, run } = useAction()

  const refuse = (refusal: ImportRefusalReason | null) => {
    setStep({ at: 'source', refusal, again: true })
  }
  const show = (source: Source, reply: Reply) => {
    if (reply.kind === 'refused') refuse(reply.reason)
    else setStep({ at: 'preview', source, preview: reply })
  }
  const look = async (text: string) => {
    show({ text }, await request('import.preview', { text }))
  }
  return {
    ...{ step, busy, error },
    restart: () => {
      refuse(null)
    },
    lookAtText: (text: string) => {
      run(() => look(text))
    },
    lookAtFile: (chosen: File) => {
      run(async () => {
        const read = await readChosenFile(chosen)
        if (read.kind === 'too-large') refuse('too-large')
        else if (read.kind === 'backup') setStep({ at: 'backup', file: read.file })
        else await look(read.text)
      })
    },
    openBackup: (file: string, credentials: BackupCredentialsText) => {
      run(async () => {
        const backup = { file, credentials }
        const reply = await request('backup.preview', backup)
        if (reply.kind === 'other') show({ backup }, reply.preview)
        else setStep({ at: 'merge', backup, same: reply })
      })
    },
    bring: (source: Source, chosen: ChosenKey[]) => {
      // Within the click, as the browser wants it. A no stops nothing: the keys' own tests tell.
      const permitted = askForHosts(chosen.map(({ provider }) => provider)).catch(() => false)
      run(async () => {
        await permitted
        const { keys, skippedCount } =
          'text' in source
            ? await request('import.run', { ...source, chosen })
            : await request('backup.import', { ...source.backup, chosen })
        setStep({ at: 'done', imported: keys, skipped: skippedCount })
      })
    },
    merge: (backup: OpenBackup) => {
      run(async () => {
        await request('backup.merge', backup)
        setStep({ at: 'merged' })
      })
    },
  }
}
