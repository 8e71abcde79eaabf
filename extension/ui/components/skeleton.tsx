import { MESSAGES } from '../messages.ts'

/** Where words will stand: a grey line of that width. */
function Line({ className }: { readonly className: string }) {
  return <span className={`block h-3 rounded-chip bg-sunken ${className}`} />
}

/** Rows as they will stand once their content is read. */
export function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div role="status">
      <span className="sr-only">{MESSAGES.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} aria-hidden="true" className="flex min-h-11 items-center gap-2.5">
          <span className="size-7 shrink-0 rounded-chip bg-sunken" />
          <span className="grid flex-1 gap-2">
            <Line className="w-2/3" />
            <Line className="w-2/5" />
          </span>
        </div>
      ))}
    </div>
  )
}
