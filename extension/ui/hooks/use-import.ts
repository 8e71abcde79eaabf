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
import { pickKeys } from '../brought.ts'
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
  | {
      readonly at: 'preview'
      readonly source: Source
      readonly preview: ImportPreviewReply
      /** Whether they were picked out of a text of no format. */
      readonly picked: boolean
    }
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
  const show = (source: Source, reply: Reply, picked = false) => {
    if (reply.kind === 'refused') refuse(reply.reason)
    else setStep({ at: 'preview', source, preview: reply, picked })
  }
  const look = async (text: string) => {
    const reply = await request('import.preview', { text })
    const lines = pickKeys(text)
    // A message, a listing, another program's settings: no format, but keys all the same.
    if (lines.length <= keysRead(reply)) show({ text }, reply)
    else {
      const picked = lines.join('\n')
      show({ text: picked }, await request('import.preview', { text: picked }), true)
    }
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

/** How many keys a reader of the format found. What it could not or must not read is left to what it says. */
function keysRead(reply: Reply): number {
  if (reply.kind === 'refused') return reply.reason === 'not-understood' ? 0 : Infinity
  // A comma makes a sentence a table: without a name for any key it tells no more than the text.
  const isNamed = reply.format !== 'csv' || reply.keys.some(({ label }) => label !== '')
  return reply.keys.length + reply.refusedCount - (isNamed ? 0 : 1)
}
