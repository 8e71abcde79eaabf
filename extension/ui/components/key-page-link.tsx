import { ExternalLink } from 'lucide-react'
import type { ProviderId } from '@valetkey/wallet/protocol'
import { keyPageUrl, providerName } from '../provider-facts.ts'

interface Props {
  readonly provider: ProviderId
  readonly text: (provider: string) => string
}

/** To where a provider's keys are made. Nothing for a server of the person's own: they know where. */
export function KeyPageLink({ provider, text }: Props) {
  const url = keyPageUrl(provider)
  if (url === null) return null
  return (
    <a
      className="inline-flex min-h-8 items-center gap-1.5 text-small underline"
      href={url}
      target="_blank"
      rel="noreferrer"
    >
      {text(providerName(provider))}
      <ExternalLink size={12} aria-hidden="true" />
    </a>
  )
}
