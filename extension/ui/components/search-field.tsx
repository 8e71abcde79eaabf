import { Search, X } from 'lucide-react'
import { IconButton } from './icon-button.tsx'

interface Props {
  readonly label: string
  readonly clear: string
  readonly value: string
  readonly onChange: (query: string) => void
}

/** A box that narrows a list as it is typed into; Escape empties it. */
export function SearchField({ label, clear, value, onChange }: Props) {
  return (
    <div role="search" className="relative min-w-0 flex-1">
      <Search
        size={17}
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink2"
      />
      <input
        type="text"
        inputMode="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        value={value}
        onChange={(event) => {
          onChange(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return
          event.preventDefault()
          onChange('')
        }}
        className="block min-h-9 w-full rounded-control border border-ink3 bg-paper py-1 pr-9 pl-9 placeholder:text-ink2"
      />
      {value !== '' && (
        <span className="absolute top-1/2 right-0.5 -translate-y-1/2">
          <IconButton
            icon={X}
            name={clear}
            onClick={() => {
              onChange('')
            }}
          />
        </span>
      )}
    </div>
  )
}
