import { MESSAGES } from '../messages.ts'
import { TextField } from './text-field.tsx'

const NAME_LENGTH = 60

interface Props {
  readonly value: string
  readonly autoFocus?: boolean
  readonly onType: (name: string) => void
}

/** What the person calls a passkey. */
export function PasskeyNameField(props: Props) {
  const words = MESSAGES.security.passkeys
  return (
    <TextField
      {...props}
      label={words.nameLabel}
      hint={words.nameHint}
      type="text"
      autoComplete="off"
      maxLength={NAME_LENGTH}
    />
  )
}
