import type { Ref } from 'react'
import { MESSAGES } from '../messages.ts'
import { TextField } from './text-field.tsx'
import { VaultPhrase } from './vault-phrase.tsx'

interface Props {
  readonly value: string
  readonly onChange: (passphrase: string) => void
  readonly busy: boolean
  readonly takesFocus?: boolean
  /** Which of several boxes of a window this is. */
  readonly label?: string | undefined
  readonly hint?: string | undefined
  readonly ref?: Ref<HTMLInputElement>
}

/** The passphrase asked once more, although the vault is open. */
export function CurrentPassphrase(props: Props) {
  const { value, onChange, busy, takesFocus = true, label, hint, ref } = props
  return (
    <>
      <VaultPhrase />
      <TextField
        label={label ?? MESSAGES.security.current}
        ref={ref}
        hint={hint}
        type="password"
        autoComplete="current-password"
        autoFocus={takesFocus}
        readOnly={busy}
        value={value}
        onType={onChange}
      />
    </>
  )
}
