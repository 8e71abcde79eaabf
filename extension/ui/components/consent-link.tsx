import type { ConsentRequest } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { hostOf } from '../site-address.ts'
import { CheckRow } from './check-row.tsx'
import { Notice } from './notice.tsx'

interface Props {
  /** Who asks, and where a tab goes. */
  readonly origin: string
  readonly link: NonNullable<NonNullable<ConsentRequest['app']>['link']>
  /** Whether whoever relays may read the calls. */
  readonly isPlain: boolean
  readonly onChange: (isPlain: boolean) => void
}

type Link = Props['link']

/** A program whose code was typed: what is known of it is little, and said. */
function ByCode({ from, server }: { readonly from: NonNullable<Link['byCode']>; server: string }) {
  const words = MESSAGES.consent.link
  return (
    <>
      <p>{words.byCode(from.fromAddress, server)}</p>
      {from.site !== null && <p className="mt-2 text-ink2">{words.saysSite(hostOf(from.site))}</p>}
      <div className="mt-3">
        <Notice tone="warn" message={words.unknown} />
      </div>
    </>
  )
}

/** That it is the app's server that calls, through whom, and whether that one can read it. */
export function ConsentLink({ origin, link, isPlain, onChange }: Props) {
  const words = MESSAGES.consent.link
  const server = hostOf(link.server)
  const isStuck = !isPlain && !link.canSeal
  const sealed = isStuck ? words.cannotSeal : words.sealedHint(server)
  const hint = isPlain ? words.plainHint(server) : sealed
  return (
    <div className="border-t border-line p-4">
      {link.byCode ? (
        <ByCode from={link.byCode} server={server} />
      ) : (
        <p>{words.calls(link.name, server)}</p>
      )}
      {link.isElsewhere && <p className="mt-2 text-ink2">{words.elsewhere}</p>}
      {link.byTab && <p className="mt-2 text-ink2">{words.goesTo(hostOf(origin))}</p>}
      {link.byTab?.isKnown === true && <p className="mt-2 text-ink2">{words.isKnown}</p>}
      {link.byTab?.otherSite && (
        <div className="mt-3">
          <Notice
            tone="warn"
            message={words.otherSite(hostOf(link.byTab.otherSite), hostOf(origin))}
          />
        </div>
      )}
      <div className="mt-2">
        <CheckRow label={words.plain(server)} checked={isPlain} onChange={onChange} />
      </div>
      <p role="status" className={`mt-1 ${isPlain || isStuck ? 'text-warn' : 'text-ink2'}`}>
        {hint}
      </p>
    </div>
  )
}
