import { useState } from 'react'
import { isWalletError, type UiResult, type WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { readUserCode } from '../user-code.ts'
import { Button } from './button.tsx'
import { Card } from './card.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { SecurityCard } from './security-card.tsx'
import { ServerError } from './server-error.tsx'
import { TextField } from './text-field.tsx'

type Outcome = UiResult<'linked.enter_code'>['outcome']

/** The code that a program without a browser shows: typed here, and answered in a window of its own. */
export function EnterCode() {
  const words = MESSAGES.apps.code
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  return (
    <Card>
      <SecurityCard
        title={words.title}
        text={words.text}
        open={words.open}
        form={(close) => (
          <CodeForm
            onBegin={() => {
              setOutcome(null)
            }}
            onOutcome={(next) => {
              setOutcome(next)
              close()
            }}
          />
        )}
      >
        {outcome === null ? undefined : (
          <Notice tone={outcome === 'allowed' ? 'go' : 'plain'} {...words.outcomes[outcome]} />
        )}
      </SecurityCard>
    </Card>
  )
}

interface FormProps {
  readonly onBegin: () => void
  readonly onOutcome: (outcome: Outcome) => void
}

function CodeForm({ onBegin, onOutcome }: FormProps) {
  const words = MESSAGES.apps.code
  const [typed, setTyped] = useState('')
  const [isSent, setSent] = useState(false)
  const { busy, error, run } = useAction()
  const code = readUserCode(typed)
  const isWrong = isSent && code === null
  return (
    <Form
      onSubmit={() => {
        setSent(true)
        if (code === null) return
        onBegin()
        run(async () => {
          onOutcome((await request('linked.enter_code', { code })).outcome)
        })
      }}
    >
      <TextField
        label={words.label}
        autoCapitalize="characters"
        autoFocus
        className="font-mono uppercase"
        value={typed}
        readOnly={busy}
        hint={isWrong ? words.wrong : words.hint}
        wrong={isWrong}
        onType={setTyped}
      />
      {error && (
        <div className="mt-3">
          <CodeError error={error} />
        </div>
      )}
      <Button look="primary" type="submit" className="mt-4" disabled={busy}>
        {busy ? words.busy : words.submit}
      </Button>
    </Form>
  )
}

function CodeError({ error }: { readonly error: WalletError }) {
  const words = MESSAGES.apps.code
  if (isWalletError(error, 'request.not_found')) return <Notice tone="stop" {...words.notFound} />
  if (isWalletError(error, 'request.rate_limited'))
    return <Notice tone="stop" {...words.tooOften} />
  if (isWalletError(error, 'request.invalid'))
    return <Notice tone="plain" message={words.noServer} />
  return <ServerError error={error} />
}
