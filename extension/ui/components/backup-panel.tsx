import { useState } from 'react'
import { WalletError, fromBase64url } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { MESSAGES } from '../messages.ts'
import { saveAsFile } from '../save-as-file.ts'
import { Notice } from './notice.tsx'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { Section } from './section.tsx'

/** The whole vault in one encrypted file. */
export function BackupPanel() {
  const words = MESSAGES.transfer
  const [done, setDone] = useState<{ readonly all: number; readonly damaged: number } | null>(null)

  const save = async () => {
    setDone(null)
    const reply = await request('backup.create', {})
    if (reply.outcome === 'passphrase-needed') throw new WalletError('vault.unlock_failed')
    const day = new Date().toISOString().slice(0, 10)
    saveAsFile(words.backupFileName(day), fromBase64url(reply.file))
    setDone({ all: reply.recordCount, damaged: reply.damagedCount })
  }

  return (
    <Section title={words.backupTitle}>
      <p className="text-ink2">{words.backupText}</p>
      <PassphraseConfirm
        takesFocus={false}
        hint={words.passphraseHint}
        label={words.passphraseForBackup}
        submit={words.backupRun}
        busyText={words.saving}
        onConfirmed={save}
      />
      {done && (
        <div className="mt-3">
          <Notice
            tone="go"
            message={words.backupDone(done.all)}
            action={done.damaged > 0 ? words.damagedLeft(done.damaged) : words.backupDoneAction}
          />
        </div>
      )}
    </Section>
  )
}
