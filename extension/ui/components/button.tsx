import { useImperativeHandle, type ComponentProps } from 'react'
import { useKeptFocus } from '../hooks/use-kept-focus.ts'

const LOOKS = {
  primary: 'bg-ink text-paper hover:opacity-90 disabled:bg-sunken disabled:text-ink2',
  secondary: 'bg-sunken text-ink hover:bg-line disabled:text-ink2',
  paper: 'bg-paper text-ink hover:bg-sunken disabled:text-ink2',
  text: 'text-ink2 hover:text-ink hover:bg-sunken',
} as const

interface Props extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS
  readonly small?: boolean
}

/** A button that says what it does. Never a form's default unless asked by `type="submit"`. */
export function Button({ look = 'secondary', small = false, className = '', ...props }: Props) {
  const { ref, ...rest } = props
  const kept = useKeptFocus(rest.disabled === true)
  useImperativeHandle(ref, () => {
    if (!kept.current) throw new TypeError('The button is not there yet.')
    return kept.current
  }, [kept])
  const size = small ? 'min-h-8 px-3' : 'min-h-9 px-3.5'
  return (
    <button
      ref={kept}
      type="button"
      className={`rounded-control py-1 font-medium wrap-normal disabled:opacity-100 ${size} ${LOOKS[look]} ${className}`}
      {...rest}
    />
  )
}
