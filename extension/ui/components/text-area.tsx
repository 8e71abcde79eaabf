import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'
import { PRIVATE_BOX } from './private-box.ts'

interface Props extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> {
  readonly label: string
  readonly hint?: string | undefined
  readonly value: string
  readonly onType: (text: string) => void
}

/** A labelled box for several lines. */
export function TextArea({ label, hint, className = '', onType, ...rest }: Props) {
  return (
    <Labelled
      {...{ label, hint }}
      box={(ids) => (
        <textarea
          {...ids}
          {...PRIVATE_BOX}
          rows={3}
          autoComplete="off"
          className={`block w-full rounded-control border border-ink3 bg-paper px-3 py-2 ${className}`}
          onChange={(event) => {
            onType(event.target.value)
          }}
          {...rest}
        />
      )}
    />
  )
}
