/** The way of a program that shows a code, for a person to type here (RFC 8628; protocols §3). */
import { createId, type Random } from '@valetkey/wallet/protocol'
import type { Consents } from './consents.ts'
import { claimCode, wishOfDetails } from '@valetkey/wallet/linked'
import { notThere } from './named-server.ts'
import type { ServerLink } from '@valetkey/wallet/sync'
import type { VaultSession } from './vault-session.ts'

export interface DeviceCodePorts {
  readonly session: Pick<VaultSession, 'required'>
  readonly serverLink: Pick<ServerLink, 'device'>
  readonly consents: Pick<Consents, 'ask'>
  /** The keys that the app's own site names. */
  readonly readAppKeys: (origin: string) => Promise<readonly string[]>
  readonly random: Random
}

/**
 * Asks the person about the program behind a code. The window that asks writes what they allowed, and the
 * program hears of it from the server.
 * @throws `request.not_found` for a code nobody waits with, `request.rate_limited` after five of them;
 * `request.invalid` (reason `server`) for a vault without a server; `vault.locked`
 */
export async function allowByCode(
  code: string,
  { session, serverLink, consents, readAppKeys, random }: DeviceCodePorts,
): Promise<'allowed' | 'denied' | 'unanswered'> {
  const device = await serverLink.device(await session.required())
  if (!device) throw notThere()
  const link = await claimCode(code, device, readAppKeys)
  const question = {
    ...({ kind: 'connect', id: createId(random), windowId: null } as const),
    // It has no site that anybody saw: the question is the server's.
    ...{ origin: device.origin, request: wishOfDetails(link.details.details) },
    link,
  }
  const answer = await consents.ask(question, new AbortController().signal)
  if (answer === 'allow') return 'allowed'
  if (answer === 'timeout') return 'unanswered'
  // The program would wait for ten minutes more.
  await device.client.denyAuthorization(link.requestId)
  return 'denied'
}
