import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { changeSentences } from '../usage-sentences.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'

const readChanges = () => request('usage.changes_get', {})

/** What is different this week, in sentences. It looks far back, and so comes after the chart. */
export function UsageChanges() {
  const loaded = useLoaded(readChanges)
  return (
    <Section title={MESSAGES.usage.changes.title} busy={loaded.state === 'loading'}>
      {loaded.state === 'loading' && <Skeleton rows={2} />}
      {loaded.state === 'failed' && <ErrorNotice error={loaded.error} retry={loaded.retry} />}
      {loaded.state === 'ready' && (
        <ul className="grid gap-1.5">
          {changeSentences(loaded.value).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </Section>
  )
}
