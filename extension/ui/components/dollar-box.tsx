import type { ComponentProps } from 'react'

interface Props extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  readonly value: string
  readonly onType: (text: string) => void
}

/** A small box for an amount in dollars, set in a row. */
export function DollarBox({ onType, ...rest }: Props) {
  return (
    <span className="flex items-center font-medium tabular-nums">
      <span aria-hidden="true" className="pr-1">
        $
      </span>
      <input
        inputMode="decimal"
        autoComplete="off"
        maxLength={9}
        onChange={(event) => {
          onType(event.target.value)
        }}
        className="min-h-8 field-sizing-content min-w-10 max-w-24 rounded-chip border border-ink3 bg-paper px-1.5 text-right"
        {...rest}
      />
    </span>
  )
}
