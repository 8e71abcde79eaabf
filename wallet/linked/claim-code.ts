import { WalletError, originSchema } from '../protocol/index.ts'
import type { LinkedDevice } from '../sync/index.ts'
import type { OAuthWish } from './link-wish.ts'

/** Of the device: what finds a program, and tells of it. */
interface AskingDevice {
  readonly origin: string
  readonly session: Pick<LinkedDevice['session'], 'claimUserCode'>
  readonly client: Pick<LinkedDevice['client'], 'describeAuthorization'>
}

/**
 * The program behind a code that it shows, for a person to type (RFC 8628; protocols §3). Nobody else can answer
 * it from now on.
 * @param readAppKeys the keys that an app's own site names
 * @throws `request.not_found` for a code nobody waits with, `request.rate_limited` after five of them
 */
export async function claimCode(
  code: string,
  device: AskingDevice,
  readAppKeys: (origin: string) => Promise<readonly string[]>,
): Promise<OAuthWish> {
  const requestId = await device.session.claimUserCode(code)
  const told = await device.client.describeAuthorization(requestId)
  // A tab is led by whoever looks at it, never by a code.
  if (told.redirectUri !== null) throw new WalletError('protocol.invalid_message')
  const site = originSchema.safeParse(told.client.origin).data
  // C106: the server that passes the calls on could name keys of its own.
  const publicKeys = site === undefined ? [] : [...(await readAppKeys(site))]
  const details = { ...told, client: { ...told.client, publicKeys } }
  return { server: device.origin, requestId, details }
}
