import { useCallback, useState } from 'react'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { list } from '../sentences.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeyPageLink } from './key-page-link.tsx'
import { Notice } from './notice.tsx'

/** Offers to put valet keys where a switched-on site still keeps the person's own keys. */
export function KeptKeys({ origin }: { readonly origin: string }) {
  const words = MESSAGES.site
  const found = useLoaded(
    useCallback(async () => (await request('site_keys.list', { origin })).providers, [origin]),
  )
  const [replaced, setReplaced] = useState<readonly ProviderId[]>([])
  const { busy, error, run } = useAction()
  const kept = found.state === 'ready' ? found.value : []

  if (replaced.length > 0) {
    return (
      <div className="mt-3">
        <Notice tone="go" message={words.keysReplaced} action={words.keysReplacedAction}>
          {replaced.map((provider) => (
            <KeyPageLink key={provider} provider={provider} text={words.newKeyAt} />
          ))}
        </Notice>
      </div>
    )
  }
  // Whether a page could be looked into is no trouble of the person's.
  if (kept.length === 0) return null
  return (
    <div className="mt-3 grid gap-2">
      <Notice
        tone="warn"
        message={words.keptKeys(list(kept.map(providerName)))}
        action={words.keptKeysAction}
      >
        <Button
          small
          look="paper"
          disabled={busy}
          onClick={() => {
            run(async () => {
              setReplaced((await request('site_keys.replace', { origin })).replaced)
            })
          }}
        >
          {words.replaceKeys}
        </Button>
      </Notice>
      {error && <ErrorNotice error={error} />}
    </div>
  )
}
