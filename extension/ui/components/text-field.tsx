import type { ComponentProps } from 'react'
import { Labelled } from './labelled.tsx'
import { PRIVATE_BOX } from './private-box.ts'

interface Props extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  readonly label: string
  readonly hint?: string | undefined
  /** Whether the hint says that something has to change. */
  readonly wrong?: boolean
  readonly value: string
  readonly onType: (text: string) => void
}

/** A labelled box for one line. */
export function TextField({ label, hint, wrong = false, className = '', onType, ...rest }: Props) {
  return (
    <Labelled
      {...{ label, hint, wrong }}
      box={(ids) => (
        <input
          {...ids}
          {...PRIVATE_BOX}
          aria-invalid={wrong || undefined}
          className={`block min-h-9 w-full rounded-control border bg-paper px-3 py-1 ${wrong ? 'border-stop' : 'border-ink3'} ${className}`}
          onChange={(event) => {
            onType(event.target.value)
          }}
          {...rest}
        />
      )}
    />
  )
}
