import { useState } from 'react'
import type { NamedPasskey } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { dateForPeople, momentForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { PasskeyRename } from './passkey-rename.tsx'

const ENDING_LENGTH = 4

interface Props {
  readonly passkey: NamedPasskey
  readonly now: number
  /** The row goes, and the focus must not go with it. */
  readonly onRemoved: () => void
}

/** A passkey: what the person calls it, when it was made and used; renamed and removed. */
export function PasskeyRow({ passkey, now, onRemoved }: Props) {
  const words = MESSAGES.security.passkeys
  const [does, setDoes] = useState<'rename' | 'remove' | null>(null)
  const { busy, error, run } = useAction()
  const { credentialId } = passkey
  const name = passkey.name ?? words.unnamed(credentialId.slice(-ENDING_LENGTH))
  const close = () => {
    setDoes(null)
  }
  const remove = () => {
    run(async () => {
      await request('passkey.remove', { credentialId })
      onRemoved()
    })
  }
  return (
    <li className="py-1.5 not-first:border-t not-first:border-line">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-40 flex-1">
          <span className="block font-medium break-words">{name}</span>
          <span className="block text-small text-ink2 tabular-nums">
            {datesOf(passkey, now).join(' · ')}
          </span>
        </span>
        <span className="flex gap-2">
          <Button
            small
            aria-label={words.renameOf(name)}
            onClick={() => {
              setDoes('rename')
            }}
          >
            {words.rename}
          </Button>
          <Button
            small
            aria-label={words.removeOf(name)}
            onClick={() => {
              setDoes('remove')
            }}
          >
            {words.remove}
          </Button>
        </span>
      </div>
      {does === 'rename' && <PasskeyRename passkey={passkey} onDone={close} />}
      {does === 'remove' && (
        <InlineQuestion
          question={words.removeQuestion(name)}
          yes={words.removeYes}
          no={words.removeNo}
          busy={busy}
          onNo={close}
          onYes={remove}
        />
      )}
      {error && <ErrorNotice error={error} />}
    </li>
  )
}

function datesOf({ createdAt, lastUsedAt }: NamedPasskey, now: number): string[] {
  const words = MESSAGES.security.passkeys
  return [
    ...(createdAt === null ? [] : [words.addedOn(dateForPeople(createdAt, now))]),
    lastUsedAt === null ? words.notUsed : words.usedAt(momentForPeople(lastUsedAt, now)),
  ]
}
