import { useState } from 'react'
import type { PasskeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { touchEach } from '../passkey.ts'
import { KeepPasskeys } from './keep-passkeys.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'

interface Props {
  readonly passkeys: readonly PasskeySummary[]
}

/** A new root key, under the passphrase that stays. */
export function RotationSecurity({ passkeys }: Props) {
  const words = MESSAGES.security.rotation
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={() => <RotationForm passkeys={passkeys} />}
    />
  )
}

function RotationForm({ passkeys }: Props) {
  const words = MESSAGES.security.rotation
  const show = useShowKit()
  const [keeps, setKeeps] = useState(true)
  return (
    <>
      <p className="mt-3">{words.explain}</p>
      <PassphraseQuestion
        submit={words.submit}
        busyText={words.busy}
        below={<KeepPasskeys count={passkeys.length} keeps={keeps} onChange={setKeeps} />}
        onAnswer={async (passphrase) => {
          const touched = keeps ? await touchEach(passkeys) : []
          const made = await request('vault.rotate', { passphrase, passkeys: touched })
          show({ ...made, leaked: false })
        }}
      />
    </>
  )
}
