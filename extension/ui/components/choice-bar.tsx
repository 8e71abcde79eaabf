interface Props<V extends string> {
  readonly label: string
  readonly value: V
  readonly choices: readonly { readonly value: V; readonly label: string }[]
  readonly disabled?: boolean
  readonly onChange: (value: V) => void
}

/** A few choices side by side, one of them pressed. */
export function ChoiceBar<V extends string>({
  label,
  value,
  choices,
  disabled = false,
  onChange,
}: Props<V>) {
  return (
    <div
      role="group"
      aria-label={label}
      className="flex flex-wrap gap-1 rounded-control bg-sunken p-0.5"
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          disabled={disabled}
          aria-pressed={choice.value === value}
          onClick={() => {
            onChange(choice.value)
          }}
          className={`min-h-8 rounded-chip px-3 font-medium ${choice.value === value ? 'bg-paper text-ink shadow-[0_0_0_1px_var(--line)]' : 'text-ink2 hover:text-ink'}`}
        >
          {choice.label}
        </button>
      ))}
    </div>
  )
}
