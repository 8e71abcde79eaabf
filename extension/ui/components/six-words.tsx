import { DEVICE_WORDS } from '../messages/devices.ts'

/** The words of a pairing, to be compared with those on another screen one by one. */
export function SixWords({ words }: { readonly words: readonly string[] }) {
  return (
    <ol
      aria-label={DEVICE_WORDS.sixWords}
      className="mt-4 grid grid-cols-2 gap-x-4 gap-y-3 rounded-card border border-dashed border-brass/45 bg-brass-soft p-4"
    >
      {words.map((word, index) => (
        <li key={index} className="flex min-w-0 items-baseline gap-2">
          <span
            aria-hidden="true"
            className="w-4 shrink-0 text-right text-small text-ink2 tabular-nums"
          >
            {index + 1}
          </span>
          <span className="text-question font-bold break-words">{word}</span>
        </li>
      ))}
    </ol>
  )
}
