import { TextField } from './text-field.tsx'

interface Props {
  readonly label: string
  readonly hint: string
  /** As `YYYY-MM-DD`, empty for never. */
  readonly value: string
  readonly onChange: (date: string) => void
}

/** The day a key ends, by the browser's own calendar. */
export function ExpiryField({ onChange, ...rest }: Props) {
  return (
    <TextField
      {...rest}
      type="date"
      autoComplete="off"
      min="2000-01-01"
      max="2199-12-31"
      onType={onChange}
    />
  )
}
