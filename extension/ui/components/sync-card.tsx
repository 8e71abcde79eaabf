import type { SyncStateView } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { syncNews, syncSentence } from '../sync-sentence.ts'
import { Button } from './button.tsx'
import { SecurityCard } from './security-card.tsx'
import { ServerError } from './server-error.tsx'

interface Props {
  readonly state: SyncStateView
  readonly server: string
  readonly now: number
  /** No other device is in the account. */
  readonly isAlone: boolean
}

/** How far this device is in step with its server. */
export function SyncCard({ state, server, now, isAlone }: Props) {
  const words = DEVICE_WORDS.state
  const { busy, error, run } = useAction()
  const { headCode, isFreshnessKnown } = state
  return (
    <SecurityCard title={words.title} text={words.at(server)}>
      <p className="tabular-nums">{syncSentence(state, now, isAlone)}</p>
      <p role="status" className="sr-only">
        {syncNews(state, isAlone)}
      </p>
      {isFreshnessKnown && headCode !== null && (
        <p className="mt-1 text-small text-ink2">
          {DEVICE_WORDS.codeText}{' '}
          <span className="font-mono whitespace-nowrap text-ink">{headCode}</span>
        </p>
      )}
      <Button
        className="mt-3"
        disabled={busy || state.isRunning}
        onClick={() => {
          run(async () => {
            await request('sync.now', {})
          })
        }}
      >
        {words.now}
      </Button>
      {error && (
        <div className="mt-3">
          <ServerError error={error} />
        </div>
      )}
    </SecurityCard>
  )
}
