import { SelectBox } from './select-box.tsx'

interface Props {
  readonly label: string
  /** What the choice of nothing is called. */
  readonly all: string
  /** The place of what is chosen; -1: nothing is. */
  readonly value: number
  readonly options: readonly string[]
  readonly onChange: (index: number) => void
}

/** One thing the calls are narrowed by, or all of them. */
export function UsageSelect({ label, all, value, options, onChange }: Props) {
  return (
    <SelectBox
      aria-label={label}
      value={String(value)}
      onChange={(event) => {
        onChange(Number(event.target.value))
      }}
    >
      <option value="-1">{all}</option>
      {options.map((option, index) => (
        <option key={option} value={String(index)}>
          {option}
        </option>
      ))}
    </SelectBox>
  )
}
