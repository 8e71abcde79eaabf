import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'
import { PRIVATE_BOX } from './private-box.ts'

interface Props extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> {
  readonly label: string
  readonly hint?: string | undefined
  /** Whether the hint says that something has to change. */
  readonly wrong?: boolean
  readonly value: string
  readonly onType: (text: string) => void
}

/** A labelled box for several lines. */
export function TextArea({ label, hint, wrong = false, className = '', onType, ...rest }: Props) {
  return (
    <Labelled
      {...{ label, hint, wrong }}
      box={(ids) => (
        <textarea
          {...ids}
          {...PRIVATE_BOX}
          rows={3}
          autoComplete="off"
          aria-invalid={wrong || undefined}
          className={`block w-full rounded-control border bg-paper px-3 py-2 ${wrong ? 'border-stop' : 'border-ink3'} ${className}`}
          onChange={(event) => {
            onType(event.target.value)
          }}
          {...rest}
        />
      )}
    />
  )
}
