import { useState } from 'react'
import { request } from '../background-client.ts'
import { AddDevice } from '../components/add-device.tsx'
import { Card } from '../components/card.tsx'
import { DeviceList } from '../components/device-list.tsx'
import { ErrorNotice } from '../components/error-notice.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { SyncCard } from '../components/sync-card.tsx'
import {
  DeleteAccount,
  ExportAll,
  MoveServer,
  RestoreServer,
  StopSync,
} from '../components/sync-more.tsx'
import { SyncSetUp } from '../components/sync-set-up.tsx'
import { SyncWarnings } from '../components/sync-warnings.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useNow } from '../hooks/use-now.ts'
import { usePasskeys } from '../hooks/use-passkeys.ts'
import { MESSAGES } from '../messages.ts'
import type { SyncStateView } from '@valetkey/wallet/protocol'

const readSync = () => request('sync.get', {})
const readDevices = async () => (await request('device.list', {})).devices

/** The person's other devices, and the server between them. */
export function DevicesSection() {
  const sync = useLoaded(readSync)
  return (
    <>
      <h1 className="text-question font-bold tracking-tight">
        {MESSAGES.dashboard.sections.devices}
      </h1>
      {sync.state === 'loading' && (
        <Card>
          <div className="p-4" aria-busy="true">
            <Skeleton rows={3} />
          </div>
        </Card>
      )}
      {sync.state === 'failed' && (
        <div className="mt-4 max-w-180">
          <ErrorNotice error={sync.error} retry={sync.retry} />
        </div>
      )}
      {sync.state === 'ready' && <Devices state={sync.value} />}
    </>
  )
}

function Devices({ state }: { readonly state: SyncStateView }) {
  const passkeys = usePasskeys()
  const now = useNow()
  const [restoreTurn, setRestoreTurn] = useState(0)
  const devices = useLoaded(readDevices)
  if (state.server === null) {
    return (
      <Card>
        <SyncSetUp />
      </Card>
    )
  }
  const isAlone = devices.state === 'ready' && devices.value.length < 2
  return (
    <>
      <SyncWarnings
        {...{ state, now }}
        onRestore={() => {
          setRestoreTurn((turn) => turn + 1)
        }}
      />
      <Card>
        <SyncCard {...{ state, now, isAlone }} server={state.server} />
        <DeviceList {...{ devices, passkeys, now }} />
        <AddDevice />
      </Card>
      <Card>
        <MoveServer />
        <RestoreServer key={restoreTurn} startsOpen={restoreTurn > 0} />
        <ExportAll />
        <StopSync />
        <DeleteAccount />
      </Card>
    </>
  )
}
