import { useState } from 'react'
import type { PasskeySummary, PasskeyTouch } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { touchPasskey } from '../passkey.ts'
import { CheckRow } from './check-row.tsx'
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
        below={
          passkeys.length > 0 && (
            <div className="mt-2">
              <CheckRow label={words.touch(passkeys.length)} checked={keeps} onChange={setKeeps} />
              <p className="text-small text-ink2">{words.touchHint}</p>
            </div>
          )
        }
        onAnswer={async (passphrase) => {
          const touched = keeps ? await touchEach(passkeys) : []
          const made = await request('vault.rotate', { passphrase, passkeys: touched })
          show({ ...made, leaked: false })
        }}
      />
    </>
  )
}

/** One after the other, as the browser asks for one at a time. One that is refused is left out. */
async function touchEach(passkeys: readonly PasskeySummary[]): Promise<PasskeyTouch[]> {
  const touched: PasskeyTouch[] = []
  for (const passkey of passkeys) {
    const touch = await touchPasskey([passkey])
    if (typeof touch !== 'string') touched.push(touch)
  }
  return touched
}
