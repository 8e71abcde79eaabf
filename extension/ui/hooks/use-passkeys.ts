import type { NamedPasskey } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useLoaded } from './use-loaded.ts'

const readPasskeys = async () => (await request('passkey.list', {})).passkeys

/** The passkeys that open the vault; none while that is not known, as the passphrase always opens it. */
export function usePasskeys(): readonly NamedPasskey[] {
  const passkeys = useLoaded(readPasskeys)
  return passkeys.state === 'ready' ? passkeys.value : []
}
