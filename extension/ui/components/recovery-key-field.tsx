import { MESSAGES } from '../messages.ts'
import { TextField } from './text-field.tsx'

interface Props {
  readonly hint: string
  readonly busy: boolean
  readonly value: string
  readonly onChange: (typed: string) => void
}

/** Takes the recovery key of a kit, as it is printed there. */
export function RecoveryKeyField({ hint, busy, value, onChange }: Props) {
  return (
    <TextField
      label={MESSAGES.recover.recoveryKey}
      type="text"
      autoComplete="off"
      className="font-mono"
      readOnly={busy}
      value={value}
      hint={hint}
      onType={onChange}
    />
  )
}
