import { useState } from 'react'
import type { DeviceView } from '@valetkey/wallet/protocol'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { dateForPeople, momentForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { DeviceRename } from './device-rename.tsx'
import { Tile } from './tile.tsx'

interface Props {
  readonly device: DeviceView
  readonly now: number
}

/** A device: what the person calls it, since when it is in, when it was last there; renamed. */
export function DeviceRow({ device, now }: Props) {
  const words = DEVICE_WORDS.list
  const [isRenamed, setIsRenamed] = useState(false)
  const name = device.name ?? words.unnamed
  const close = () => {
    setIsRenamed(false)
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
              setIsRenamed(true)
            }}
          >
            {words.rename}
          </Button>
        </span>
      </div>
      {isRenamed && <DeviceRename device={device} onDone={close} />}
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
