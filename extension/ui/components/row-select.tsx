import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'

/** The browser's own list of choices, set right in a row. */
export function RowSelect({ className = '', ...rest }: ComponentProps<'select'>) {
  return (
    <span className={`relative block min-w-0 ${className}`}>
      <select
        className="block min-h-10.5 w-full max-w-full appearance-none truncate rounded-control bg-transparent pr-8 pl-1 text-right font-medium [text-align-last:right]"
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
