import { useId } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  readonly onType: (text: string) => void
}

/** A whole number with its name, in a row of a fold. */
export function CountRow({ label, value, onType }: Props) {
  const id = useId()
  return (
    <div className="flex min-h-10.5 items-center justify-between gap-3">
      <label htmlFor={id} className="min-w-0 text-ink2">
        {label}
      </label>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        maxLength={17}
        value={value}
        onChange={(event) => {
          onType(event.target.value)
        }}
        className="min-h-8 w-24 rounded-chip border border-ink3 bg-paper px-1.5 text-right font-medium tabular-nums"
      />
    </div>
  )
}
