import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { kitNotice } from './kit-notice.tsx'
import { RecoveryKeyField } from './recovery-key-field.tsx'

/** For who put the quiz off and has the kit at hand: its recovery key, typed whole, shows as much. */
export function KitConfirm({ onConfirmed }: { readonly onConfirmed: () => void }) {
  const words = MESSAGES.security.kit
  const [typed, setTyped] = useState('')
  const { busy, error, run } = useAction()
  return (
    <Form
      className="max-w-100"
      onSubmit={() => {
        if (typed === '') return
        run(async () => {
          await request('kit.confirm', { recoveryKey: typed })
          // The form goes, and the focus must not go with it.
          onConfirmed()
        })
      }}
    >
      <RecoveryKeyField hint={words.confirmHint} busy={busy} value={typed} onChange={setTyped} />
      {error && <div className="mt-3">{kitNotice(error, typed)}</div>}
      <Button type="submit" className="mt-3" disabled={busy}>
        {words.confirm}
      </Button>
    </Form>
  )
}
