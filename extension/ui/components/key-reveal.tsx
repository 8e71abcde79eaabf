import { useEffect, useState } from 'react'
import type { KeyId } from '@valetkey/wallet/protocol'
import { browser } from '../../adapters/browser.ts'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { InlineQuestion } from './inline-question.tsx'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { ShownKey } from './shown-key.tsx'
import { Skeleton } from './skeleton.tsx'

interface Props {
  readonly keyId: KeyId
  readonly onHide: () => void
}

type Step =
  | { readonly step: 'asking' | 'switched-off' | 'passphrase-needed' }
  | { readonly step: 'shown'; readonly secret: string }

/** The permission with which a copied key is taken off the clipboard (F21). */
const CLIPBOARD = { permissions: ['clipboardWrite'] as const }

/** The way to a key in clear: switched on once, and the passphrase each time. */
export function KeyReveal({ keyId, onHide }: Props) {
  const words = MESSAGES.dashboardKeys.secret
  const [state, setState] = useState<Step>({ step: 'asking' })
  const { busy, error, run } = useAction()

  useEffect(() => {
    let current = true
    void readKey(keyId).then(
      (next) => {
        if (current) setState(next)
      },
      () => {
        if (current) setState({ step: 'passphrase-needed' })
      },
    )
    return () => {
      current = false
    }
  }, [keyId])

  const switchOn = () => {
    // Within the click: the browser asks only inside the gesture. A no is no obstacle: the key can be
    // shown, and the person is told that nothing empties the clipboard.
    const asked = browser.permissions.request({ permissions: [...CLIPBOARD.permissions] })
    run(async () => {
      await asked.catch(() => false)
      await request('settings.change', { revealKeys: true })
      setState(await readKey(keyId))
    })
  }

  switch (state.step) {
    case 'asking':
      return <Skeleton rows={1} />
    case 'switched-off':
      return (
        <>
          <InlineQuestion
            question={words.off}
            yes={words.offYes}
            no={words.offNo}
            busy={busy}
            onYes={switchOn}
            onNo={onHide}
          />
          {error && <ErrorNotice error={error} />}
        </>
      )
    case 'passphrase-needed':
      return (
        <PassphraseConfirm
          look="secondary"
          label={words.passphrase}
          hint={words.passphraseHint}
          submit={words.confirm}
          busyText={words.confirmBusy}
          onConfirmed={async () => {
            setState(await readKey(keyId))
          }}
        />
      )
    case 'shown':
      return <ShownKey secret={state.secret} onHide={onHide} />
  }
}

async function readKey(keyId: KeyId): Promise<Step> {
  const reply = await request('key.reveal', { keyId })
  return reply.outcome === 'shown'
    ? { step: 'shown', secret: reply.secret }
    : { step: reply.outcome }
}
