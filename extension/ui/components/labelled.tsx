import { useId, type ReactNode } from 'react'

interface Box {
  readonly id: string
  readonly 'aria-describedby': string | undefined
}

interface Props {
  readonly label: string
  readonly hint?: string | undefined
  /** Whether the hint says that something has to change. */
  readonly wrong?: boolean
  readonly box: (ids: Box) => ReactNode
}

/** A box with its label above and its hint below, said by a screen reader with it. */
export function Labelled({ label, hint, wrong = false, box }: Props) {
  const id = useId()
  const hintId = hint === undefined ? undefined : `${id}-hint`
  return (
    <div className="mt-3">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {box({ id, 'aria-describedby': hintId })}
      {hint !== undefined && (
        <p id={hintId} className={`mt-1 text-small ${wrong ? 'text-stop' : 'text-ink2'}`}>
          {hint}
        </p>
      )}
    </div>
  )
}
