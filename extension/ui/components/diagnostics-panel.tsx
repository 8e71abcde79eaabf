import { useCallback, useState } from 'react'
import { request } from '../background-client.ts'
import { useCopy } from '../hooks/use-copy.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { CheckRow } from './check-row.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'

/** Shows the text, to the letter, and copies what is shown. */
export function DiagnosticsPanel() {
  const words = MESSAGES.about
  const [sites, setSites] = useState(false)
  const [labels, setLabels] = useState(false)
  const read = useCallback(() => request('diagnostics.get', { sites, labels }), [sites, labels])
  const loaded = useLoaded(read)
  return (
    <Section title={words.title}>
      <p className="mb-3 text-ink2">{words.text}</p>
      <CheckRow label={words.sites} checked={sites} onChange={setSites} />
      <CheckRow label={words.labels} checked={labels} onChange={setLabels} />
      {loaded.state === 'loading' && <Skeleton rows={6} />}
      {loaded.state === 'failed' && <ErrorNotice error={loaded.error} retry={loaded.retry} />}
      {loaded.state === 'ready' && <ShownText text={JSON.stringify(loaded.value, null, 2)} />}
    </Section>
  )
}

function ShownText({ text }: { readonly text: string }) {
  const words = MESSAGES.about
  const { outcome, copy } = useCopy(text)
  return (
    <>
      {/* Reached by Tab, so that the keyboard scrolls it. */}
      <pre
        tabIndex={0}
        role="region"
        aria-label={words.shown}
        data-testid="diagnostics"
        className="mt-3 max-h-90 overflow-auto rounded-control bg-sunken p-3 text-sm"
      >
        {text}
      </pre>
      <div className="mt-3 flex items-center gap-3">
        <Button look="primary" onClick={copy}>
          {words.copy}
        </Button>
        <span role="status" className="text-ink2">
          {outcome === 'copied' && MESSAGES.copied}
          {outcome === 'failed' && MESSAGES.copyFailed}
        </span>
      </div>
    </>
  )
}
