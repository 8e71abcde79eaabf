import { useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { expiryOfDate } from '../expiry.ts'
import { useAction } from '../hooks/use-action.ts'
import { useReturnedFocus } from '../hooks/use-returned-focus.ts'
import { MESSAGES } from '../messages.ts'
import { onEscapeFromEmpty } from '../on-escape.ts'
import { readPastedKey } from '../pasted-key.ts'
import { providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ExpiryField } from './expiry-field.tsx'
import { Form } from './form.tsx'
import { KeyField } from './key-field.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly summary: KeySummary
  readonly onReplaced: () => void
  readonly onCancel: () => void
}

/** A new key in the place of the old one: tested first, so that sites never lose a key that works. */
export function KeyReplace({ summary, onReplaced, onCancel }: Props) {
  const words = MESSAGES.dashboardKeys.secret
  const { id: keyId, provider, sites } = summary
  useReturnedFocus()
  const [typed, setTyped] = useState('')
  const [date, setDate] = useState('')
  const [asked, setAsked] = useState(false)
  const [isRefused, setIsRefused] = useState(false)
  const { busy, error, run } = useAction()
  const pasted = readPastedKey(typed)
  const refusal = refusalOf(summary, pasted)
  const hint = refusal !== null && (asked || typed !== '') ? refusal : null

  const replace = () => {
    setAsked(true)
    setIsRefused(false)
    if (pasted.kind === 'refused' || refusal !== null) return
    run(async () => {
      const { replaced } = await request('key.replace', {
        ...{ keyId, secret: pasted.secret, expiresAt: expiryOfDate(date) },
      })
      setTyped('')
      setAsked(false)
      if (replaced) onReplaced()
      else setIsRefused(true)
    })
  }

  return (
    <Form className="appear" onSubmit={replace} onKeyDown={onEscapeFromEmpty(onCancel)}>
      <p className="text-ink2">{words.replaceText(sites.length)}</p>
      <KeyField
        label={words.newKey}
        autoFocus
        value={typed}
        hint={hint ?? MESSAGES.addKey.keyHint}
        wrong={hint !== null}
        onType={setTyped}
      />
      <ExpiryField
        label={words.newExpires}
        hint={words.newExpiresHint}
        value={date}
        onChange={setDate}
      />
      <div className="mt-3 empty:hidden">
        {error && <ErrorNotice error={error} />}
        {isRefused && (
          <Notice
            tone="stop"
            message={words.refused(providerName(provider))}
            action={words.refusedAction}
          />
        )}
      </div>
      <Button look="primary" type="submit" className="mt-3" disabled={busy}>
        {busy ? words.busy : words.submit}
      </Button>
    </Form>
  )
}

/** Why what was pasted cannot take this key's place, null where it can. */
function refusalOf(
  { provider }: KeySummary,
  pasted: ReturnType<typeof readPastedKey>,
): string | null {
  if (pasted.kind === 'refused') return pasted.reason
  const isForeign = pasted.provider !== null && pasted.provider !== provider
  return isForeign
    ? MESSAGES.dashboardKeys.secret.foreign(providerName(pasted.provider), providerName(provider))
    : null
}
