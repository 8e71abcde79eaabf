import { useState } from 'react'
import { request } from '../background-client.ts'
import { MESSAGES } from '../messages.ts'
import { PassphraseConfirm } from './passphrase-question.tsx'
import { SecurityCard } from './security-card.tsx'
import { TextField } from './text-field.tsx'

const PHRASE_LENGTH = 60

/** The phrase by which a person knows our windows from those that only look like them. */
export function PhraseSecurity({ phrase }: { readonly phrase: string }) {
  const words = MESSAGES.security.phrase
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={phrase === '' ? words.open : words.change}
      form={(close) => <PhraseForm phrase={phrase} onSaved={close} />}
    >
      <p className={phrase === '' ? '' : 'font-medium'}>{phrase === '' ? words.none : phrase}</p>
    </SecurityCard>
  )
}

interface FormProps {
  readonly phrase: string
  readonly onSaved: () => void
}

function PhraseForm({ phrase, onSaved }: FormProps) {
  const words = MESSAGES.security.phrase
  const [typed, setTyped] = useState(phrase)
  return (
    <PassphraseConfirm
      submit={words.submit}
      busyText={MESSAGES.security.confirmBusy}
      above={
        <TextField
          label={words.label}
          type="text"
          autoComplete="off"
          autoFocus
          maxLength={PHRASE_LENGTH}
          value={typed}
          hint={words.hint}
          onType={setTyped}
        />
      }
      onConfirmed={async () => {
        await request('protection.set_phrase', { phrase: typed })
        onSaved()
      }}
    />
  )
}
