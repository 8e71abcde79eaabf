interface Props {
  readonly name: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
  /** The id of the sentence that says what the switch decides. */
  readonly describedBy?: string
}

/** On or off, told by place and colour; 44 × 32 px to press. */
export function Switch({ name, checked, disabled = false, onChange, describedBy }: Props) {
  return (
    <button
      type="button"
      role="switch"
      aria-label={name}
      aria-checked={checked}
      aria-describedby={describedBy}
      disabled={disabled}
      onClick={() => {
        onChange(!checked)
      }}
      className="grid h-8 w-11 shrink-0 place-items-center rounded-control"
    >
      <span
        className={`relative block h-5.5 w-9.5 rounded-full ${checked ? 'bg-go' : disabled ? 'bg-line' : 'bg-ink3'}`}
      >
        <span
          className={`glide absolute top-0.5 left-0.5 size-4.5 rounded-full bg-paper ${checked ? 'translate-x-4' : ''}`}
        />
      </span>
    </button>
  )
}
