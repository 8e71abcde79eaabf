import { MESSAGES } from '../messages.ts'

/** Boxes as they will stand once a form is there. */
export function FormSkeleton({ boxes }: { readonly boxes: number }) {
  return (
    <div role="status" className="grid gap-2">
      <span className="sr-only">{MESSAGES.loading}</span>
      {Array.from({ length: boxes }, (_, index) => (
        <span key={index} aria-hidden="true" className="block h-11 rounded-control bg-sunken" />
      ))}
    </div>
  )
}
