import type { ImportedKeySummary } from '@valetkey/wallet/protocol'
import { linkTo } from '../hooks/use-route.ts'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ImportTests } from './import-tests.tsx'
import { Notice } from './notice.tsx'

interface Props {
  /** Null: a backup was merged, which brings more than keys. */
  readonly imported: readonly ImportedKeySummary[] | null
  readonly skipped: number
  readonly onAgain: () => void
  /** Where there is a place to go back to; without it the list of keys is elsewhere. */
  readonly onLeave?: (() => void) | undefined
}

/** What was saved, and what to do with the file. */
export function ImportDone({ imported, skipped, onAgain, onLeave }: Props) {
  const words = MESSAGES.transfer
  const heading = useTakenFocus()
  return (
    <>
      <h3 ref={heading} tabIndex={-1} className="sr-only">
        {words.doneTitle}
      </h3>
      {imported === null ? (
        <Notice tone="go" message={words.mergeDone} />
      ) : (
        <Notice tone="go" message={words.done(imported.length)} action={words.doneAction} />
      )}
      {skipped > 0 && <p className="mt-2 text-ink2">{words.doneSkipped(skipped)}</p>}
      {imported !== null && imported.length > 0 && <ImportTests keys={imported} />}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {onLeave ? (
          <Button look="primary" onClick={onLeave}>
            {MESSAGES.addKey.done}
          </Button>
        ) : (
          <a
            href={linkTo('keys')}
            className="inline-flex min-h-9 items-center rounded-control bg-ink px-3.5 py-1 font-medium text-paper hover:opacity-90"
          >
            {words.showKeys}
          </a>
        )}
        {!onLeave && <Button onClick={onAgain}>{words.again}</Button>}
      </div>
    </>
  )
}
