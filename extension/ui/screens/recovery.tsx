import type { UiResult } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { ErasePanel } from '../components/erase-panel.tsx'
import { Notice } from '../components/notice.tsx'
import { VaultCopy } from '../components/vault-copy.tsx'
import { WelcomeFrame } from '../components/welcome-frame.tsx'
import { linkTo } from '../hooks/use-route.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'

type Examination = Exclude<UiResult<'recovery.get'>, { state: 'open' }>

const readRecovery = () => request('recovery.get', {})

/** A vault that cannot be opened: what happened to it, what is left, what to do. Nothing here repairs it. */
export function Recovery() {
  const words = MESSAGES.faults
  const found = useLoaded(readRecovery)
  const examined = found.state === 'ready' && found.value.state !== 'open' ? found.value : null
  return (
    <WelcomeFrame title={words.title}>
      <div className="mt-3" aria-busy={found.state === 'loading'}>
        {found.state !== 'loading' && <Notice tone="stop" {...sentencesOf(examined)} />}
      </div>
      {examined && (
        <p className="mt-3 text-ink2">
          {examined.rowCount === null ? words.leftNone : words.left(examined.rowCount)}
        </p>
      )}
      {examined?.state === 'present' && examined.hasRecoveryKey && (
        <a
          href={linkTo('recover')}
          className="mt-3 inline-flex min-h-9 items-center rounded-control bg-ink px-3.5 py-1 font-medium text-paper hover:opacity-90"
        >
          {words.useKit}
        </a>
      )}
      <VaultCopy />
      {examined?.state !== 'newer' && (
        <>
          <h2 className="mt-6 font-bold">{words.restoreTitle}</h2>
          <p className="text-ink2">{words.restoreText}</p>
          <div className="-mx-6 mt-6 -mb-6 border-t border-line px-2">
            <ErasePanel />
          </div>
        </>
      )}
    </WelcomeFrame>
  )
}

function sentencesOf(examined: Examination | null) {
  const words = MESSAGES.faults
  if (examined?.state === 'newer') return words.newer
  return examined?.state === 'present' ? words.noWayIn : words.damaged
}
