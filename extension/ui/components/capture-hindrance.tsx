import type { CaptureRequest } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'
import { keyName, providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { CaptureSubject } from './capture-subject.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly asked: CaptureRequest
  readonly duplicate: NonNullable<CaptureRequest['vault']>['duplicate']
}

/** A key that is not saved here: the vault has it, or it needs more than the page showed. */
export function CaptureHindrance({ asked, duplicate }: Props) {
  const words = MESSAGES.capture
  const { id, provider } = asked
  const told = duplicate
    ? words.duplicate(keyName({ provider, label: duplicate.label }))
    : words.needsPlace(providerName(provider))
  const discard = () => request('capture.discard', { id }).catch(() => undefined)
  return (
    <main className="flex-1">
      <CaptureSubject asked={asked} />
      <div className="border-t border-line p-4">
        <Notice tone="plain" {...told}>
          <Button
            look="paper"
            small
            onClick={() => {
              void discard().then(() => {
                window.close()
              })
            }}
          >
            {words.close}
          </Button>
          <Button
            look="paper"
            small
            onClick={() => {
              void discard().then(() => openDashboard('keys', duplicate?.keyId ?? ''))
            }}
          >
            {words.openKeys}
          </Button>
        </Notice>
      </div>
    </main>
  )
}
