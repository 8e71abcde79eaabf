import { useState } from 'react'
import type { NamedPasskey } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { MESSAGES } from '../messages.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { PasskeyNameField } from './passkey-name-field.tsx'

interface Props {
  readonly passkey: NamedPasskey
  /** Renamed, or left as it was. */
  readonly onDone: () => void
}

/** Gives a passkey another name. */
export function PasskeyRename({ passkey: { credentialId, name }, onDone }: Props) {
  const words = MESSAGES.security.passkeys
  const [typed, setTyped] = useState(name ?? '')
  const { busy, error, run } = useAction()
  useReturnedFocus()
  return (
    <Form
      className="appear max-w-100 pb-2"
      onKeyDown={onEscape(onDone)}
      onSubmit={() => {
        run(async () => {
          await request('passkey.rename', { credentialId, name: typed })
          onDone()
        })
      }}
    >
      <PasskeyNameField autoFocus value={typed} onType={setTyped} />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
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
