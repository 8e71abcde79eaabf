import { MESSAGES } from '../messages.ts'
import { shortenKey } from '../shorten-key.ts'
import { CopyButton } from './copy-button.tsx'

interface ShownKey {
  readonly shape: string
  readonly key: string
}
interface Props {
  readonly title: string
  readonly provider: string
  readonly first: ShownKey
  readonly others: readonly ShownKey[]
}

/** The valet key of a site on its dashed ticket: the harmless one, to copy. */
export function Ticket({ title, provider, first, others }: Props) {
  const words = MESSAGES.ticket
  return (
    <div className="mt-3 rounded-card border border-dashed border-brass/45 bg-brass-soft p-3">
      <div className="flex items-center gap-2.5">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{title}</p>
          <p
            data-testid={`valet-key-${provider}`}
            data-valet-key={first.key}
            className="font-mono text-small text-ink2"
          >
            {shortenKey(first.key)}
          </p>
        </div>
        <CopyButton text={first.key} />
      </div>
      {others.length > 0 && (
        <details className="mt-1">
          <summary className="flex min-h-8 items-center text-small text-ink2 underline">
            {others.length === 1 ? words.otherForm : words.otherForms(others.length)}
          </summary>
          {others.map((other) => (
            <div key={other.shape} className="flex min-h-11 items-center gap-2.5">
              <p className="min-w-0 flex-1 font-mono text-small text-ink2">
                {shortenKey(other.key)}
              </p>
              <CopyButton text={other.key} />
            </div>
          ))}
        </details>
      )}
    </div>
  )
}
