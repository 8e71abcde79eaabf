import type { SiteState } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useNow } from '../hooks/use-now.ts'
import { MESSAGES } from '../messages.ts'
import { openRefusal } from '../refusal.ts'
import { momentForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** What went wrong on a site, and what to do about it. */
export function SiteTroubles({ site }: { readonly site: SiteState }) {
  const words = MESSAGES.site
  const now = useNow()
  const refusal = openRefusal(site, now)
  return (
    <>
      {refusal && (
        <div className="mt-3">
          <p className="mb-1 text-group font-bold text-ink2">
            {words.lastRefusal(momentForPeople(refusal.at, now))}
          </p>
          <Notice tone="warn" message={refusal.message} action={refusal.action} />
        </div>
      )}
      {site.foreignHost !== null && (
        <div className="mt-3">
          <Notice
            tone="warn"
            message={words.foreignHost(site.foreignHost)}
            action={words.foreignHostAction}
          >
            <Button
              small
              look="paper"
              onClick={() => {
                void request('site.dismiss_foreign_host', { origin: site.origin })
              }}
            >
              {words.foreignHostSeen}
            </Button>
          </Notice>
        </div>
      )}
    </>
  )
}
