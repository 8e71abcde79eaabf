import type { CaptureRequest } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { hostOf } from '../site-address.ts'
import { ProviderTile } from './provider-tile.tsx'

/** What would be saved: whose key, which one, and where it was picked up (C57). */
export function CaptureSubject({ asked }: { readonly asked: CaptureRequest }) {
  const words = MESSAGES.capture
  const { provider, maskedKey, origin, via } = asked
  return (
    <div className="flex items-start gap-3 p-4">
      <div className="pt-0.5">
        <ProviderTile provider={provider} />
      </div>
      <div className="min-w-0">
        <h1 className="text-question font-bold tracking-tight">
          {words.question(providerName(provider))}
        </h1>
        <p className="mt-0.5 truncate font-mono">{maskedKey}</p>
        <p className="mt-0.5 text-small break-words text-ink2">
          {origin === null ? words.fromNowhere : words.from[via](hostOf(origin))}
        </p>
      </div>
    </div>
  )
}
