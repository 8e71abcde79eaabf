import { useEffect, type ComponentProps } from 'react'
import { TextField } from './text-field.tsx'

interface Props extends Omit<
  ComponentProps<typeof TextField>,
  'type' | 'autoComplete' | 'value' | 'onChange'
> {
  readonly value: string
  readonly onType: (text: string) => void
}

/**
 * The box a provider key is typed into. The browser neither fills nor keeps it: `new-password` is what
 * Chrome does not fill (it ignores `off` on such a box), a password box is never spell-checked or written
 * into the saved session, and a page that comes back from the back/forward cache finds it empty.
 */
export function KeyField({ value, onType, ...rest }: Props) {
  useEffect(() => {
    const empty = () => {
      onType('')
    }
    window.addEventListener('pagehide', empty)
    return () => {
      window.removeEventListener('pagehide', empty)
    }
  }, [onType])

  return (
    <TextField
      {...rest}
      type="password"
      autoComplete="new-password"
      data-secret=""
      value={value}
      onType={onType}
    />
  )
}
