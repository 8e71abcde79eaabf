import type { KeySummary } from '@valetkey/wallet/protocol'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import { AddKeyPanel } from './add-key-panel.tsx'
import { AsideFrame } from './aside-frame.tsx'
import { KeyDetail } from './key-detail.tsx'

interface Props {
  /** The id of a key, or what stands in the address while one is added. */
  readonly item: string
  readonly keys: readonly KeySummary[]
  readonly onRemove: (summary: KeySummary) => void
}

const showList = () => {
  location.hash = linkTo('keys')
}

/** What stands in the address while a key is added. */
export const NEW_KEY = 'new'

/** What stands beside the list: the key that is open, or the form for a new one. */
export function KeyAside({ item, keys, onRemove }: Props) {
  const words = MESSAGES.dashboardKeys
  if (item === NEW_KEY) {
    return (
      <AsideFrame section="keys" back={words.back} title={MESSAGES.addKey.title}>
        <div className="p-4 pt-1">
          <AddKeyPanel onDone={showList} />
        </div>
      </AsideFrame>
    )
  }
  const summary = keys.find(({ id }) => id === item)
  if (!summary) {
    return (
      <AsideFrame section="keys" back={words.back} title={words.gone}>
        <p className="p-4 pt-1 text-ink2">{words.goneHint}</p>
      </AsideFrame>
    )
  }
  return (
    <AsideFrame section="keys" back={words.back} title={keyName(summary)}>
      <KeyDetail summary={summary} onRemove={onRemove} />
    </AsideFrame>
  )
}
