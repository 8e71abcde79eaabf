import { lookalikeOf } from '@valetkey/wallet/capture'
import { useSite } from '../hooks/use-site.ts'
import { hostnameOf } from '../site-address.ts'
import { LookalikeNotice } from './lookalike-notice.tsx'

/** The same warning where the vault is closed: what is typed on such a page is lost all the same. */
export function LookalikeAlert() {
  const [address] = useSite()
  const host = address === null ? null : hostnameOf(address)
  const lookalike = host === null ? null : lookalikeOf(host)
  if (host === null || lookalike === null) return null
  return (
    <div className="px-4 pb-3">
      <LookalikeNotice {...{ host, lookalike }} />
    </div>
  )
}
