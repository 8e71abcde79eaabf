import type { LucideIcon } from 'lucide-react'

interface Props {
  readonly icon: LucideIcon
  /** Read out by screen readers and shown on hover. */
  readonly name: string
  readonly onClick: () => void
  readonly disabled?: boolean
}

/** A button that is an icon with a name. */
export function IconButton({ icon: Icon, name, onClick, disabled = false }: Props) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      disabled={disabled}
      onClick={onClick}
      className="grid size-8 shrink-0 place-items-center rounded-control text-ink2 hover:bg-sunken hover:text-ink disabled:text-ink3"
    >
      <Icon size={17} aria-hidden="true" />
    </button>
  )
}
