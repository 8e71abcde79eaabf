import { useId, useState } from 'react'
import { WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { MESSAGES } from '../messages.ts'
import { saveAsFile } from '../save-as-file.ts'
import { FieldRow } from './field-row.tsx'
import { Notice } from './notice.tsx'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { RowSelect } from './row-select.tsx'
import { Section } from './section.tsx'

/** Every key in clear, as a file, after a warning and the passphrase. */
export function ExportPanel() {
  const words = MESSAGES.transfer
  const id = useId()
  const [format, setFormat] = useState<'env' | 'csv'>('env')
  const [done, setDone] = useState<{ readonly keys: number; readonly damaged: number } | null>(null)

  const save = async () => {
    setDone(null)
    const reply = await request('export.keys', { format })
    if (reply.outcome === 'passphrase-needed') throw new WalletError('vault.unlock_failed')
    saveAsFile(words.fileNames[format], reply.text)
    setDone({ keys: reply.keyCount, damaged: reply.damagedCount })
  }

  return (
    <Section title={words.takeTitle}>
      <p className="mb-3 text-ink2">{words.takeText}</p>
      <FieldRow label={words.format} htmlFor={id}>
        <RowSelect
          id={id}
          value={format}
          onChange={(event) => {
            setFormat(event.target.value === 'csv' ? 'csv' : 'env')
          }}
        >
          <option value="env">{words.formats.env}</option>
          <option value="csv">{words.formats.csv}</option>
        </RowSelect>
      </FieldRow>
      <div className="mt-3">
        <Notice tone="warn" message={words.takeWarning} action={words.takeWarningAction} />
      </div>
      <PassphraseConfirm
        takesFocus={false}
        hint={words.passphraseHint}
        label={words.passphraseForKeys}
        submit={words.takeRun}
        busyText={words.saving}
        onConfirmed={save}
      />
      {done && (
        <div className="mt-3">
          <Notice
            tone="go"
            message={words.taken(done.keys)}
            {...(done.damaged > 0 && { action: words.damagedLeft(done.damaged) })}
          />
        </div>
      )}
    </Section>
  )
}
