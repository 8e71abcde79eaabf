import { useState } from 'react'
import { lookalikeOf } from '@valetkey/wallet/capture'
import { MESSAGES } from '../messages.ts'
import { hostnameOf, type SiteAddress } from '../site-address.ts'
import { LookalikeNotice } from './lookalike-notice.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'
import { PickUp } from './pick-up.tsx'
import { SitePanel } from './site-panel.tsx'
import { Skeleton } from './skeleton.tsx'
import { WhichSite } from './which-site.tsx'

interface Props {
  readonly address: SiteAddress | null
  readonly hasKeys: boolean
  readonly onNamed: (address: SiteAddress) => void
}

/** What the popup says about the site it was opened on; first of all whether it passes for a dashboard. */
export function SiteSection(props: Props) {
  const [known, setKnown] = useState(false)
  const host = props.address === null ? null : hostnameOf(props.address)
  const lookalike = host === null || known ? null : lookalikeOf(host)
  if (host === null || lookalike === null) return <SiteItself {...props} />
  return (
    <Section title={MESSAGES.site.title}>
      <LookalikeNotice
        {...{ host, lookalike }}
        onGoOn={() => {
          setKnown(true)
        }}
      />
    </Section>
  )
}

function SiteItself({ address, hasKeys, onNamed }: Props) {
  const words = MESSAGES.whichSite
  if (address === null) {
    return (
      <Section title={MESSAGES.site.title} busy>
        <Skeleton rows={1} />
      </Section>
    )
  }
  switch (address.kind) {
    case 'site':
      return (
        <>
          <SitePanel key={address.origin} origin={address.origin} hasKeys={hasKeys} />
          <PickUp key={`${address.origin} keys`} origin={address.origin} />
        </>
      )
    case 'unreadable':
      return <WhichSite onNamed={onNamed} />
    case 'insecure':
      return (
        <Section title={MESSAGES.site.title}>
          <Notice tone="plain" message={words.insecure} />
        </Section>
      )
    case 'browser-page':
      return (
        <Section title={MESSAGES.site.title}>
          <Notice tone="plain" message={words.browserPage} action={words.browserPageHint} />
        </Section>
      )
  }
}
