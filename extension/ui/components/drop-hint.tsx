import { MESSAGES } from '../messages.ts'

/** Over the whole window while something is dragged over it. It takes no event: the window below does. */
export function DropHint() {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none fixed inset-2 z-10 grid place-items-center rounded-window border-2 border-dashed border-ink3 bg-paper p-4 text-center font-medium opacity-95"
    >
      {MESSAGES.keys.dropHint}
    </div>
  )
}
