import { useState } from 'react'
import { ExternalLink } from 'lucide-react'
import type { KeyTest, ProviderId } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { readPastedKey } from '../pasted-key.ts'
import { askForHosts } from '../provider-access.ts'
import { keyPageUrl, providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeyField } from './key-field.tsx'
import { KeyNameField } from './key-name-field.tsx'
import { Notice } from './notice.tsx'
import { ProviderSelect } from './provider-select.tsx'

export interface SavedKey {
  readonly provider: ProviderId
  readonly outcome: KeyTest['outcome']
}

interface Props {
  /** Whether the key box is what the person came for. */
  readonly takesFocus: boolean
  readonly onSaved: (saved: SavedKey) => void
}

/** Takes a provider key, saves it sealed and has it tested. What was typed is gone once it is saved. */
export function AddKeyForm({ takesFocus, onSaved }: Props) {
  const words = MESSAGES.addKey
  const [provider, setProvider] = useState<ProviderId>('openai')
  const [typed, setTyped] = useState('')
  const [name, setName] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const [unreachable, setUnreachable] = useState(false)
  const { busy, error, run } = useAction()

  const pasted = readPastedKey(typed)
  // An empty box is no mistake before the person tried to save it.
  const refusal = pasted.kind === 'refused' && (asked || typed !== '') ? pasted.reason : null
  const label = name ?? providerName(provider)

  const type = (text: string) => {
    setTyped(text)
    const read = readPastedKey(text)
    if (read.kind === 'fit' && read.provider) setProvider(read.provider)
  }
  const save = () => {
    setAsked(true)
    if (pasted.kind === 'refused') return
    // Within the click: the browser asks for a provider's hosts only inside the gesture.
    const permitted = askForHosts([provider])
    setUnreachable(false)
    run(async () => {
      if (!(await permitted)) {
        setUnreachable(true)
        return
      }
      const { test } = await request('key.add', { provider, secret: pasted.secret, label })
      setTyped('')
      onSaved({ provider, outcome: test.outcome })
    })
  }

  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <ProviderSelect value={provider} onChange={setProvider} />
      <KeyField
        label={words.key}
        autoFocus={takesFocus}
        value={typed}
        hint={refusal ?? words.keyHint}
        wrong={refusal !== null}
        onType={type}
      />
      <a
        className="mt-1 inline-flex min-h-8 items-center gap-1.5 text-small underline"
        href={keyPageUrl(provider)}
        target="_blank"
        rel="noreferrer"
      >
        {words.keyPage(providerName(provider))}
        <ExternalLink size={12} aria-hidden="true" />
      </a>
      <KeyNameField label={words.name} hint={words.nameHint} value={label} onChange={setName} />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      {unreachable && (
        <div className="mt-3">
          <Notice tone="stop" {...words.noAccess(providerName(provider))} />
        </div>
      )}
      <Button look="primary" type="submit" disabled={busy} className="mt-4 w-full">
        {busy ? words.busy : words.submit}
      </Button>
    </form>
  )
}
