import type { ReactNode } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'

interface Props {
  readonly summary: KeySummary
  readonly onRemove: (summary: KeySummary) => void
}

/** Where a key goes that is not wanted: the archive, from which it comes back, or out of the vault. */
export function KeyAway({ summary, onRemove }: Props) {
  const words = MESSAGES.dashboardKeys.away
  const { id: keyId, archived } = summary
  const { busy, error, run } = useAction()
  return (
    <Section title={words.title}>
      <div className="grid gap-3">
        <Row text={archived ? words.bringBackText : words.archiveText}>
          <Button
            small
            disabled={busy}
            onClick={() => {
              run(async () => {
                await request('key.archive', { keyId, archived: !archived })
              })
            }}
          >
            {archived ? words.bringBack : words.archive}
          </Button>
        </Row>
        <Row text={words.removeText}>
          <Button
            small
            disabled={busy}
            onClick={() => {
              onRemove(summary)
            }}
          >
            <span className="text-stop">{words.remove}</span>
          </Button>
        </Row>
        {error && <ErrorNotice error={error} />}
      </div>
    </Section>
  )
}

function Row({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-center gap-3 max-[400px]:flex-wrap">
      <p className="min-w-0 flex-1 text-ink2">{text}</p>
      <div className="shrink-0">{children}</div>
    </div>
  )
}
