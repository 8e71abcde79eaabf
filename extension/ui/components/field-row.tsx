import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  /** The id of the control the label names. */
  readonly htmlFor: string
  readonly children: ReactNode
}

/** A bordered row: what is decided on the left, the decision on the right. */
export function FieldRow({ label, htmlFor, children }: Props) {
  return (
    <div className="flex min-h-11 items-center max-[320px]:flex-wrap gap-3 rounded-control border border-line pl-3">
      <label htmlFor={htmlFor} className="shrink-0 text-ink2">
        {label}
      </label>
      <div className="flex min-w-0 flex-1 justify-end max-[320px]:basis-full">{children}</div>
    </div>
  )
}
