import { useEffect, useState } from 'react'
import { isWalletError, type ConsentRequest } from '@valetkey/wallet/protocol'
import { onStateChanged, request } from '../background-client.ts'
import { Button } from '../components/button.tsx'
import { ConsentCall } from '../components/consent-call.tsx'
import { ConsentForm } from '../components/consent-form.tsx'
import { Notice } from '../components/notice.tsx'
import { FormSkeleton } from '../components/form-skeleton.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { WindowHeader } from '../components/window-header.tsx'
import { MESSAGES } from '../messages.ts'
import { openWelcome } from '../open-tab.ts'

/** The window that asks whether a site may use the person's AI. Closing it is a no. */
export function Consent() {
  const asked = useAsked()
  return (
    <div className="flex min-h-dvh flex-col">
      <WindowHeader title={titleOf(asked)} />
      {asked === 'loading' && (
        <main className="flex-1 p-4" aria-busy="true">
          <h1 className="sr-only">{MESSAGES.consent.title}</h1>
          <FormSkeleton boxes={6} />
        </main>
      )}
      {asked === 'gone' && (
        <main className="flex-1 p-4">
          <h1 className="sr-only">{MESSAGES.consent.title}</h1>
          <Notice tone="plain" {...MESSAGES.consent.gone}>
            <Button
              small
              look="paper"
              onClick={() => {
                window.close()
              }}
            >
              {MESSAGES.consent.close}
            </Button>
          </Notice>
        </main>
      )}
      {asked === 'none' && (
        <main className="flex-1 p-4">
          <h1 className="text-question font-bold tracking-tight">{MESSAGES.noVault.title}</h1>
          <p className="mt-1 mb-4 text-ink2">{MESSAGES.noVault.text}</p>
          <Button look="primary" onClick={openWelcome}>
            {MESSAGES.noVault.create}
          </Button>
        </main>
      )}
      {asked === 'locked' && (
        <main className="flex-1 p-4">
          <h1 className="text-question font-bold tracking-tight">{MESSAGES.unlock.title}</h1>
          <p className="mt-1 text-ink2">{MESSAGES.consent.lockedText}</p>
          <UnlockForm />
        </main>
      )}
      {typeof asked === 'object' &&
        (asked.call ? (
          <ConsentCall asked={asked} call={asked.call} />
        ) : (
          // With the first key there is something to choose: the form begins anew.
          <ConsentForm key={String(isComplete(asked))} asked={asked} />
        ))}
    </div>
  )
}

function titleOf(asked: Asked): string {
  if (typeof asked !== 'object') return MESSAGES.consent.title
  if (asked.call) return MESSAGES.consent.callTitle
  if (asked.app?.link?.byCode) return MESSAGES.consent.codeTitle
  return asked.app?.link ? MESSAGES.consent.linkTitle : MESSAGES.consent.title
}

/** Whether there is something to decide on: one without a key waits for it. */
function isComplete({ call, proposed }: ConsentRequest): boolean {
  return call !== null || proposed.providers.length > 0
}

/** A vault that is locked, or one that was never made. */
async function whichClosed(): Promise<'locked' | 'none'> {
  const { vault } = await request('status.get', {})
  return vault === 'none' ? 'none' : 'locked'
}

type Asked = ConsentRequest | 'loading' | 'locked' | 'none' | 'gone'

/**
 * The question this window was opened for. It is read once: terms must not change while they are read;
 * where there is no key to give, it is read again until there is one.
 */
function useAsked(): Asked {
  const [asked, setAsked] = useState<Asked>('loading')
  const isAsked = typeof asked === 'object' && isComplete(asked)

  useEffect(() => {
    let current = true
    const id = new URLSearchParams(location.search).get('id') ?? ''
    const read = () => {
      request('consent.get', { id }).then(
        (value) => {
          if (current) setAsked(value)
        },
        async (error: unknown) => {
          // Without the question nothing can be allowed, whatever the reason.
          const closed = isWalletError(error, 'vault.locked') ? await whichClosed() : 'gone'
          if (current) setAsked(closed)
        },
      )
    }
    const look = () => {
      request('status.get', {}).then(
        ({ vault }) => {
          if (current && vault === 'locked') setAsked('locked')
        },
        () => undefined,
      )
    }
    if (!isAsked) read()
    // While locked, every change may be the unlock; while the question is there, the lock.
    const stop = onStateChanged(isAsked ? look : read)
    return () => {
      current = false
      stop()
    }
  }, [isAsked])

  return asked
}
