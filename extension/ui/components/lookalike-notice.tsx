import type { Lookalike } from '@valetkey/wallet/capture'
import { ExternalLink } from 'lucide-react'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  /** Of the page, in ASCII: a lookalike must not look alike here too (C5). */
  readonly host: string
  readonly lookalike: Lookalike
  /** Absent where nothing waits behind the warning. */
  readonly onGoOn?: () => void
}

/** C56: the page is taken for a provider's dashboard, and is none. */
export function LookalikeNotice({ host, lookalike, onGoOn }: Props) {
  const words = MESSAGES.capture.lookalike
  const { host: real, provider } = lookalike
  return (
    <Notice
      tone="stop"
      message={words.message(real)}
      action={words.action(host, providerName(provider))}
    >
      <a
        className="inline-flex min-h-8 items-center gap-1.5 rounded-control bg-paper px-3 font-medium hover:bg-sunken"
        href={`https://${real}/`}
        target="_blank"
        rel="noreferrer"
      >
        {words.open(real)}
        <ExternalLink size={12} aria-hidden="true" />
      </a>
      {onGoOn && (
        <Button look="text" small onClick={onGoOn}>
          {words.goOn}
        </Button>
      )}
    </Notice>
  )
}
