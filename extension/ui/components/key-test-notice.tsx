import type { KeyTest, ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { KeyPageLink } from './key-page-link.tsx'
import { Notice } from './notice.tsx'

const TONES = { works: 'go', refused: 'stop', limited: 'warn', unreachable: 'warn' } as const

interface Props {
  readonly provider: ProviderId
  readonly outcome: KeyTest['outcome']
}

/** What the test of a key said, and what to do about it. */
export function KeyTestNotice({ provider, outcome }: Props) {
  return (
    <Notice tone={TONES[outcome]} message={MESSAGES.keys.tests[outcome](providerName(provider))}>
      {outcome === 'refused' && <KeyPageLink provider={provider} text={MESSAGES.keys.atProvider} />}
    </Notice>
  )
}
