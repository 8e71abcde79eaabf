import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'

/** The browser's own list of choices, in our box. */
export function SelectBox({ className = '', ...rest }: ComponentProps<'select'>) {
  return (
    <span className="relative block">
      <select
        className={`block min-h-9 w-full appearance-none rounded-control border border-ink3 bg-paper py-1 pr-8 pl-3 ${className}`}
        {...rest}
      />
      <ChevronDown
        size={17}
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-ink2"
      />
    </span>
  )
}
