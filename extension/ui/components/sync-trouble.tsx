import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

const readSync = () => request('sync.get', {})

/** The popup's line about devices out of step; a server that is merely away is no matter for it. */
export function SyncTrouble() {
  const sync = useLoaded(readSync)
  const problem = sync.state === 'ready' ? sync.value.problem : null
  if (!problem || problem.code.startsWith('provider.')) return null
  const { message, open } = MESSAGES.syncTrouble
  return (
    <Notice tone="warn" message={message}>
      <Button
        small
        look="paper"
        onClick={() => {
          void openDashboard('devices')
        }}
      >
        {open}
      </Button>
    </Notice>
  )
}
