import type { SameVault } from '../hooks/use-import.ts'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'
import { LOCALE, MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'

interface Props {
  readonly same: SameVault
  readonly busy: boolean
  readonly onRun: () => void
  readonly onCancel: () => void
}

const ORDER = ['added', 'changed', 'repaired', 'unchanged', 'deleted', 'blocked'] as const

/** What a backup of this very vault would change, before it does. */
export function BackupMerge({ same, busy, onRun, onCancel }: Props) {
  const words = MESSAGES.transfer
  const heading = useTakenFocus()
  const { createdAt, outcome } = same
  const changes = outcome.added + outcome.changed + outcome.repaired
  const when = new Date(createdAt).toLocaleString(LOCALE, {
    dateStyle: 'long',
    timeStyle: 'short',
  })
  return (
    <div className="appear">
      <h3 ref={heading} tabIndex={-1} className="font-bold outline-none">
        {words.mergeTitle(when)}
      </h3>
      {changes === 0 && <p className="text-ink2">{words.mergeNothing}</p>}
      <ul className="mt-2 list-disc pl-5">
        {ORDER.filter((name) => outcome[name] > 0).map((name) => (
          <li key={name}>{words.merge[name](outcome[name])}</li>
        ))}
      </ul>
      <p className="mt-2 text-small text-ink2">{words.mergeHint}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        {changes > 0 && (
          <Button look="primary" disabled={busy} onClick={onRun}>
            {busy ? words.running : words.mergeRun}
          </Button>
        )}
        <Button disabled={busy} onClick={onCancel}>
          {changes > 0 ? MESSAGES.cancel : MESSAGES.back}
        </Button>
      </div>
    </div>
  )
}
