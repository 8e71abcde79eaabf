import { useState } from 'react'
import type { DeviceView } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { MESSAGES } from '../messages.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { ServerError } from './server-error.tsx'
import { TextField } from './text-field.tsx'

const NAME_MAX_LENGTH = 60

interface Props {
  readonly device: DeviceView
  /** Renamed, or left as it was. */
  readonly onDone: () => void
}

/** Gives a device another name. */
export function DeviceRename({ device, onDone }: Props) {
  const words = DEVICE_WORDS.list
  const [typed, setTyped] = useState(device.name ?? '')
  const [isAsked, setAsked] = useState(false)
  const { busy, error, run } = useAction()
  useReturnedFocus()
  const name = typed.trim()
  const isMissing = isAsked && name === ''
  return (
    <Form
      className="appear max-w-100 pb-2"
      onKeyDown={onEscape(onDone)}
      onSubmit={() => {
        setAsked(true)
        if (name === '') return
        run(async () => {
          await request('device.rename', { deviceId: device.id, name })
          onDone()
        })
      }}
    >
      <TextField
        label={words.name}
        autoComplete="off"
        autoFocus
        maxLength={NAME_MAX_LENGTH}
        value={typed}
        hint={isMissing ? words.nameMissing : words.nameHint}
        wrong={isMissing}
        onType={setTyped}
      />
      {error && (
        <div className="mt-3">
          <ServerError error={error} />
        </div>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" small type="submit" disabled={busy}>
          {words.saveName}
        </Button>
        <Button small disabled={busy} onClick={onDone}>
          {MESSAGES.cancel}
        </Button>
      </div>
    </Form>
  )
}
