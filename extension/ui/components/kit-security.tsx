import { isWalletError } from '@valetkey/wallet/protocol'
import { useRef } from 'react'
import { request } from '../background-client.ts'
import { useShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { KitConfirm } from './kit-confirm.tsx'
import { Notice } from './notice.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'

/** The recovery kit: whether it was confirmed, and a new one. */
export function KitSecurity({ kitKept }: { readonly kitKept: boolean }) {
  const words = MESSAGES.security.kit
  const show = useShowKit()
  const state = useRef<HTMLDivElement>(null)
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={() => (
        <PassphraseQuestion
          submit={words.submit}
          busyText={words.busy}
          notice={(error) =>
            isWalletError(error, 'request.unprocessable') ? (
              <Notice tone="stop" {...words.hasPasskeys} />
            ) : (
              <ErrorNotice error={error} />
            )
          }
          onAnswer={async (passphrase) => {
            const { kit } = await request('kit.renew', { passphrase })
            show({ kit, lostPasskeys: 0, leaked: false })
          }}
        />
      )}
    >
      <div ref={state} tabIndex={-1} className="outline-none">
        <Notice tone={kitKept ? 'go' : 'warn'} message={kitKept ? words.kept : words.notKept} />
      </div>
      {!kitKept && (
        <KitConfirm
          onConfirmed={() => {
            state.current?.focus()
          }}
        />
      )}
    </SecurityCard>
  )
}
