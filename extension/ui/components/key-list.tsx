import type { KeySummary } from '@valetkey/wallet/protocol'
import type { Loaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { KeyRow } from './key-row.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'

/** The keys of the vault at a glance. */
export function KeyList({ keys }: { readonly keys: Loaded<readonly KeySummary[]> }) {
  const words = MESSAGES.keys
  return (
    <Section title={words.title} busy={keys.state === 'loading'}>
      {keys.state === 'loading' && <Skeleton rows={2} />}
      {keys.state === 'failed' && <ErrorNotice error={keys.error} retry={keys.retry} />}
      {keys.state === 'ready' && keys.value.length === 0 && (
        <>
          <p className="font-medium">{words.empty}</p>
          <p className="text-ink2">{words.emptyHint}</p>
        </>
      )}
      {keys.state === 'ready' && keys.value.length > 0 && (
        <ul>
          {keys.value.map((key) => (
            <KeyRow key={key.id} summary={key} />
          ))}
        </ul>
      )}
    </Section>
  )
}
