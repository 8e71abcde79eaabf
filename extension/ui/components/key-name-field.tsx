import { TextField } from './text-field.tsx'

interface Props {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly onChange: (name: string) => void
}

/** What the person calls a key. */
export function KeyNameField({ onChange, ...rest }: Props) {
  return <TextField {...rest} autoComplete="off" maxLength={80} onType={onChange} />
}
