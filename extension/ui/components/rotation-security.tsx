import { request } from '../background-client.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'

/** A new root key, under the passphrase that stays. */
export function RotationSecurity() {
  const words = MESSAGES.security.rotation
  const show = useShowKit()
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={() => (
        <>
          <p className="mt-3">{words.explain}</p>
          <PassphraseQuestion
            submit={words.submit}
            busyText={words.busy}
            onAnswer={async (passphrase) => {
              const made = await request('vault.rotate', { passphrase, passkeys: [] })
              show({ ...made, leaked: false })
            }}
          />
        </>
      )}
    />
  )
}
