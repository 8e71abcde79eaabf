import { useId, type ComponentProps } from 'react'

interface Props extends ComponentProps<'input'> {
  readonly label: string
  readonly hint?: string | undefined
  /** Whether the hint says that something has to change. */
  readonly wrong?: boolean
}

/** A labelled box. Nothing typed into it is spell-checked, corrected, or kept by a password extension. */
export function TextField({ label, hint, wrong = false, className = '', ...rest }: Props) {
  const id = useId()
  return (
    <div className="mt-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
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
      {hint !== undefined && (
        <p id={`${id}-hint`} className={`mt-1 text-small ${wrong ? 'text-stop' : 'text-ink2'}`}>
          {hint}
        </p>
      )}
    </div>
  )
}
