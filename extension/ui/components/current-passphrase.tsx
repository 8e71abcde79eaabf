import { MESSAGES } from '../messages.ts'
import { TextField } from './text-field.tsx'
import { VaultPhrase } from './vault-phrase.tsx'

interface Props {
  readonly value: string
  readonly onChange: (passphrase: string) => void
  readonly busy: boolean
  readonly takesFocus?: boolean
}

/** The passphrase asked once more, although the vault is open. */
export function CurrentPassphrase({ value, onChange, busy, takesFocus = true }: Props) {
  return (
    <>
      <VaultPhrase />
      <TextField
        label={MESSAGES.security.current}
        type="password"
        autoComplete="current-password"
        autoFocus={takesFocus}
        readOnly={busy}
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
        }}
      />
    </>
  )
}
