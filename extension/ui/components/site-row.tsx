import { useId } from 'react'
import type { SiteState } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { siteSentence } from '../sentences.ts'
import { hostOf } from '../site-address.ts'
import { Switch } from './switch.tsx'
import { Tile } from './tile.tsx'

interface Props {
  readonly site: SiteState
  readonly disabled: boolean
  readonly onChange: (on: boolean) => void
}

/** The exact host, what it may do, and the switch. */
export function SiteRow({ site, disabled, onChange }: Props) {
  const sentenceId = useId()
  const host = hostOf(site.origin)
  const isOn = site.state === 'on' || site.state === 'paused'
  return (
    <div className="flex min-h-11 items-center gap-2.5">
      <Tile of={host.replace(/^http:\/\//, '')} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{host}</p>
        <p id={sentenceId} className="text-small text-ink2">
          {sentenceOf(site)}
        </p>
      </div>
      <Switch
        name={MESSAGES.site.switchName}
        checked={isOn}
        disabled={disabled}
        describedBy={sentenceId}
        onChange={onChange}
      />
    </div>
  )
}

function sentenceOf(site: SiteState): string {
  const words = MESSAGES.site
  switch (site.state) {
    case 'off':
      return words.off
    case 'asking':
      return words.asking
    case 'expired':
      return words.expired
    case 'blocked':
      return words.blocked
    case 'on':
    case 'paused':
      return site.grant ? siteSentence(site.grant.terms) : words.nothingAllowed
  }
}
