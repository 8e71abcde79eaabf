import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'

interface Props extends ComponentProps<'textarea'> {
  readonly label: string
  readonly hint?: string | undefined
}

/** A labelled box for several lines. What is typed goes nowhere but into the vault: no spell-check service reads it. */
export function TextArea({ label, hint, ...rest }: Props) {
  return (
    <Labelled
      {...{ label, hint }}
      box={(ids) => (
        <textarea
          {...ids}
          rows={3}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          className="block w-full rounded-control border border-ink3 bg-paper px-3 py-2"
          {...rest}
        />
      )}
    />
  )
}
