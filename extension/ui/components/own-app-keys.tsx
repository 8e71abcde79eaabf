import { useCallback } from 'react'
import { APP_KEYS_PATH } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'
import { Skeleton } from './skeleton.tsx'

/** The keys that an app's own site names for sealing, as a wallet would read them now. */
export function OwnAppKeys({ origin }: { readonly origin: string }) {
  const words = DEVELOPER_WORDS
  const loaded = useLoaded(useCallback(() => request('own_app.site_keys', { origin }), [origin]))
  return (
    <Section title={words.keys}>
      <p className="text-ink2">{words.keysText}</p>
      <p className="mt-1 font-mono text-small wrap-anywhere">
        {origin}
        <wbr />
        {APP_KEYS_PATH}
      </p>
      <div className="mt-2">
        {loaded.state === 'loading' && <Skeleton rows={1} />}
        {loaded.state === 'failed' && <ErrorNotice error={loaded.error} retry={loaded.retry} />}
        {loaded.state === 'ready' && loaded.value.keys.length === 0 && (
          <Notice tone="warn" message={words.keysNone} action={words.keysNoneHint} />
        )}
        {loaded.state === 'ready' && loaded.value.keys.length > 0 && (
          <>
            <p>{words.keysFound(loaded.value.keys.length)}</p>
            <ul className="mt-1 font-mono text-small break-all text-ink2">
              {loaded.value.keys.map((key) => (
                <li key={key}>{key}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Section>
  )
}
