import type { KeyTest, ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { keyName, providerName } from '../provider-facts.ts'
import { list } from '../sentences.ts'
import { hostOf } from '../site-address.ts'
import { CloseButton } from './close-button.tsx'
import { Notice } from './notice.tsx'

export interface SavedCapture {
  readonly provider: ProviderId
  readonly label: string
  readonly outcome: KeyTest['outcome']
  /** Origins that may use it from now on, and those that could not be given it. */
  readonly sites: readonly string[]
  readonly leftOut: readonly string[]
}

/** The key is stored: what became of it, and what to do with it. */
export function CaptureSaved({ provider, label, outcome, sites, leftOut }: SavedCapture) {
  const words = MESSAGES.capture
  const after = {
    works: '',
    limited: words.tests.limited(providerName(provider)).message,
    refused: words.savedRefused(providerName(provider)),
    unreachable: words.savedUntested,
  }[outcome]
  return (
    <>
      <main className="grid flex-1 content-start gap-3 p-4">
        <h1 className="sr-only">{words.savedTitle}</h1>
        <Notice
          tone={outcome === 'works' ? 'go' : 'warn'}
          message={words.saved(keyName({ provider, label }))}
          {...(after !== '' && { action: after })}
        />
        {leftOut.length > 0 && <Notice tone="warn" message={words.leftOut(hosts(leftOut))} />}
        <p className="text-ink2">
          {sites.length > 0 ? words.savedSites(hosts(sites)) : words.next}
        </p>
      </main>
      <footer className="flex justify-end border-t border-line px-4 py-3">
        <CloseButton />
      </footer>
    </>
  )
}

function hosts(origins: readonly string[]): string {
  return list(origins.map(hostOf))
}
