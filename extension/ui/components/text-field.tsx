import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'

interface Props extends ComponentProps<'input'> {
  readonly label: string
  readonly hint?: string | undefined
  /** Whether the hint says that something has to change. */
  readonly wrong?: boolean
}

/** A labelled box. Nothing typed into it is spell-checked, corrected, or kept by a password extension. */
export function TextField({ label, hint, wrong = false, className = '', ...rest }: Props) {
  return (
    <Labelled
      {...{ label, hint, wrong }}
      box={(ids) => (
        <input
          {...ids}
          aria-invalid={wrong || undefined}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          data-1p-ignore=""
          data-lpignore="true"
          data-bwignore=""
          data-form-type="other"
          className={`block min-h-9 w-full rounded-control border bg-paper px-3 py-1 ${wrong ? 'border-stop' : 'border-ink3'} ${className}`}
          {...rest}
        />
      )}
    />
  )
}
