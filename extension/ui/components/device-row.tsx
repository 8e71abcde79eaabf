import { useState } from 'react'
import type { DeviceView, NamedPasskey } from '@valetkey/wallet/protocol'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { dateForPeople, momentForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { DeviceRemoval } from './device-removal.tsx'
import { DeviceRename } from './device-rename.tsx'
import { Tile } from './tile.tsx'

interface Props {
  readonly device: DeviceView
  readonly passkeys: readonly NamedPasskey[]
  readonly now: number
}

/** A device: what the person calls it, since when it is in, when it was last there; renamed and removed. */
export function DeviceRow({ device, passkeys, now }: Props) {
  const words = DEVICE_WORDS.list
  const [does, setDoes] = useState<'rename' | 'remove' | null>(null)
  const name = device.name ?? words.unnamed
  const close = () => {
    setDoes(null)
  }
  return (
    <li className="py-1.5 not-first:border-t not-first:border-line">
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1">
        <Tile of={name} />
        <span className="min-w-40 flex-1">
          <span className="block break-words">
            <span className="font-medium">{name}</span>
            {device.isThis && <span className="text-ink2"> · {words.isThis}</span>}
          </span>
          <span className="block text-small text-ink2 tabular-nums">{datesOf(device, now)}</span>
        </span>
        <span className="flex gap-2">
          <Button
            small
            aria-label={words.renameOf(name)}
            onClick={() => {
              setDoes('rename')
            }}
          >
            {words.rename}
          </Button>
          {!device.isThis && (
            <Button
              small
              aria-label={words.removeOf(name)}
              onClick={() => {
                setDoes('remove')
              }}
            >
              {words.remove}
            </Button>
          )}
        </span>
      </div>
      {does === 'rename' && <DeviceRename device={device} onDone={close} />}
      {does === 'remove' && (
        <DeviceRemoval deviceId={device.id} name={name} passkeys={passkeys} onKeep={close} />
      )}
    </li>
  )
}

function datesOf({ addedAt, seenAt, isThis }: DeviceView, now: number): string {
  const words = DEVICE_WORDS.list
  const added = words.added(dateForPeople(addedAt, now))
  // This one is here now: a person would wonder about any other time.
  if (isThis || seenAt === null) return added
  return `${added} · ${words.seen(momentForPeople(seenAt, now))}`
}
