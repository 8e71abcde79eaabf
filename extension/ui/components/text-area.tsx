import { useId, type ComponentProps } from 'react'

interface Props extends ComponentProps<'textarea'> {
  readonly label: string
  readonly hint?: string | undefined
}

/** A labelled box for several lines. What is typed goes nowhere but into the vault: no spell-check service reads it. */
export function TextArea({ label, hint, ...rest }: Props) {
  const id = useId()
  return (
    <div className="mt-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        className="block w-full rounded-control border border-ink3 bg-paper px-3 py-2"
        {...rest}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-small text-ink2">
          {hint}
        </p>
      )}
    </div>
  )
}
