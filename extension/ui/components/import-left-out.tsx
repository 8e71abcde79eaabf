import type { ImportPreviewReply } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'

/** What of a file stays outside, and why. */
export function ImportLeftOut({ preview }: { readonly preview: ImportPreviewReply }) {
  const words = MESSAGES.transfer
  const { refused, refusedCount, notUnderstood, notUnderstoodCount } = preview
  return (
    <>
      {refusedCount > 0 && (
        <div className="mt-4">
          <h4 className="font-medium">{words.skippedTitle(refusedCount)}</h4>
          <ul className="text-ink2">
            {refused.map(({ place, label, masked, reason }, index) => (
              <li key={index} className="mt-1">
                {label === '' ? words.place(place) : label} ({masked}) {words.skipped[reason]}
              </li>
            ))}
            {refusedCount > refused.length && (
              <li className="mt-1">{words.andMore(refusedCount - refused.length)}</li>
            )}
          </ul>
        </div>
      )}
      {notUnderstoodCount > 0 && (
        <p className="mt-4 text-ink2">
          {words.notUnderstood(notUnderstoodCount)}:{' '}
          {notUnderstood
            .slice(0, 10)
            .map(({ place }) => words.place(place))
            .join(', ')}
          {notUnderstoodCount > 10 && ` ${words.andMore(notUnderstoodCount - 10)}`}
        </p>
      )}
    </>
  )
}
