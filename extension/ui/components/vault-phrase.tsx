import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'

const readProtection = () => request('protection.get', {})

/** The phrase the person chose, above every box for the passphrase: a window without it is not ours. */
export function VaultPhrase() {
  const protection = useLoaded(readProtection)
  if (protection.state !== 'ready' || protection.value.phrase === '') return null
  return (
    <p className="mt-3 rounded-card border border-dashed border-brass/45 bg-brass-soft px-3 py-2">
      <span className="block text-group font-bold text-ink2">{MESSAGES.unlock.phrase}</span>
      <span data-testid="vault-phrase">{protection.value.phrase}</span>
    </p>
  )
}
