import { useState } from 'react'
import type { RecoveryKit } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { readChosenFile } from '../chosen-file.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ChoiceBar } from './choice-bar.tsx'
import { FileButton } from './file-button.tsx'
import { Notice } from './notice.tsx'
import { RestoreByKit } from './restore-by-kit.tsx'
import { RestoreByPassphrase } from './restore-by-passphrase.tsx'

type Way = 'passphrase' | 'kit'

interface Props {
  /** The vault is there, with the kit that was made for it, if any. */
  readonly onDone: (kit: RecoveryKit | null) => void
  readonly onCancel: () => void
}

/** Makes the vault of a backup on a computer that has none. */
export function RestoreForm({ onDone, onCancel }: Props) {
  const words = MESSAGES.transfer
  const [chosen, setChosen] = useState<File | null>(null)
  const [way, setWay] = useState<Way>('passphrase')
  const [isNone, setIsNone] = useState(false)
  const { busy, error, run } = useAction()

  const restore = (send: (file: string) => Promise<RecoveryKit | null>) => {
    if (!chosen) return
    setIsNone(false)
    run(async () => {
      const read = await readChosenFile(chosen)
      if (read.kind === 'backup') onDone(await send(read.file))
      else setIsNone(true)
    })
  }
  const state = {
    busy,
    error: isNone ? <Notice tone="stop" {...words.noBackup} /> : error,
    missing: chosen ? null : words.restoreNeedsFile,
  }

  return (
    <div className="mt-4">
      <FileButton
        name={words.restoreFile}
        disabled={busy}
        onFile={(file) => {
          setChosen(file)
          setIsNone(false)
        }}
      />
      <p role="status" className="mt-1 mb-2 min-h-5 text-small break-words text-ink2">
        {chosen && words.restoreChosen(chosen.name)}
      </p>
      <ChoiceBar
        label={words.restoreWay}
        value={way}
        disabled={busy}
        choices={[
          { value: 'passphrase', label: words.restoreWithPassphrase },
          { value: 'kit', label: words.restoreWithKit },
        ]}
        onChange={(next) => {
          setWay(next)
          setIsNone(false)
        }}
      />
      {way === 'passphrase' ? (
        <RestoreByPassphrase
          {...state}
          onChosen={(credentials) => {
            restore(async (file) => {
              await request('backup.restore', { file, ...credentials })
              return null
            })
          }}
        />
      ) : (
        <RestoreByKit
          {...state}
          onChosen={(credentials) => {
            restore(async (file) => {
              return (await request('backup.restore_with_kit', { file, ...credentials })).kit
            })
          }}
        />
      )}
      <Button look="text" className="w-full" disabled={busy} onClick={onCancel}>
        {MESSAGES.back}
      </Button>
    </div>
  )
}
