import { useId, useState } from 'react'
import type { NamedPasskey } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { useShowKit } from '../made-kit.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscape } from '../on-escape.ts'
import { touchEach } from '../passkey.ts'
import { Button } from './button.tsx'
import { KeepPasskeys } from './keep-passkeys.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { ServerError } from './server-error.tsx'

interface Props {
  readonly deviceId: string
  readonly name: string
  readonly passkeys: readonly NamedPasskey[]
  readonly onKeep: () => void
}

/** What removing a device means, and the passphrase it takes: everything is sealed under a new root key. */
export function DeviceRemoval({ deviceId, name, passkeys, onKeep }: Props) {
  const words = DEVICE_WORDS.list
  const show = useShowKit()
  const [keeps, setKeeps] = useState(true)
  const id = useId()
  useReturnedFocus()
  return (
    <div
      role="group"
      aria-labelledby={id}
      className="appear mt-2 mb-2 rounded-card border border-line p-4"
      onKeyDown={onEscape(onKeep)}
    >
      <p id={id} className="font-bold break-words">
        {words.removeTitle(name)}
      </p>
      <p className="mt-1 text-ink2">{words.removeText}</p>
      <div className="max-w-100">
        <PassphraseQuestion
          submit={words.removeSubmit}
          busyText={words.removeBusy}
          notice={(error) => <ServerError error={error} />}
          below={<KeepPasskeys count={passkeys.length} keeps={keeps} onChange={setKeeps} />}
          onAnswer={async (passphrase) => {
            const touched = keeps ? await touchEach(passkeys) : []
            const made = await request('device.remove', { deviceId, passphrase, passkeys: touched })
            show({ ...made, leaked: true, from: 'devices' })
          }}
        />
        <Button look="text" className="mt-2" onClick={onKeep}>
          {words.keep}
        </Button>
      </div>
    </div>
  )
}
