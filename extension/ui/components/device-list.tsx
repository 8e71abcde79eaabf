import type { DeviceView, NamedPasskey } from '@valetkey/wallet/protocol'
import type { Loaded } from '../hooks/use-loaded.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { DeviceRow } from './device-row.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { SecurityCard } from './security-card.tsx'
import { Skeleton } from './skeleton.tsx'

interface Props {
  readonly devices: Loaded<readonly DeviceView[]>
  readonly passkeys: readonly NamedPasskey[]
  readonly now: number
}

/** The devices that open this vault. */
export function DeviceList({ devices, passkeys, now }: Props) {
  const words = DEVICE_WORDS.list
  return (
    <SecurityCard title={words.title} text={words.text}>
      {devices.state === 'loading' && <Skeleton rows={2} />}
      {devices.state === 'failed' && <ErrorNotice error={devices.error} retry={devices.retry} />}
      {devices.state === 'ready' && (
        <ul>
          {devices.value.map((device) => (
            <DeviceRow key={device.id} {...{ device, passkeys, now }} />
          ))}
        </ul>
      )}
    </SecurityCard>
  )
}
