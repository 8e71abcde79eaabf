import { DEVICE_WORDS } from '../messages/devices.ts'
import { serverRefusal, type TypedServer } from '../server-address.ts'
import { TextField } from './text-field.tsx'

interface Props {
  readonly typed: string
  readonly read: TypedServer
  /** Whether the person tried to go on already: an empty or half typed box is no mistake before. */
  readonly isAsked: boolean
  readonly onType: (text: string) => void
  readonly readOnly?: boolean
  readonly autoFocus?: boolean
}

/** Takes the address of the server between the person's devices. */
export function ServerField({ typed, read, isAsked, ...rest }: Props) {
  const words = DEVICE_WORDS.server
  const refusal = isAsked ? serverRefusal(read) : null
  return (
    <TextField
      label={words.label}
      type="url"
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      value={typed}
      hint={refusal ?? words.hint}
      wrong={refusal !== null}
      {...rest}
    />
  )
}
