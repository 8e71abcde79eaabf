/** The grants of apps' servers among those of the vault. */
import { WalletError, type GrantId, type GrantRelay, type GrantStatus } from '../protocol/index.ts'
import type { ListedRecord, OpenVault } from '../vault/index.ts'
import type { OAuthWish } from './link-wish.ts'

export type GrantOfServer = ListedRecord<'grant'> & {
  readonly fields: {
    readonly relay: GrantRelay
    readonly subject: { readonly clientId: string; readonly server: string }
  }
}

/** The grant of an app's server, with the keys of its relay. */
export async function findGrantOfServer(
  vault: OpenVault,
  grantId: GrantId,
): Promise<GrantOfServer | null> {
  const fields = await vault.readRecord('grant', grantId)
  const record = fields && { id: grantId, fields }
  return record && isOfServer(record) ? record : null
}

/** One that was not taken back. @throws `grant.missing` */
export async function requireGrantOfServer(
  vault: OpenVault,
  grantId: GrantId,
): Promise<GrantOfServer> {
  const record = await findGrantOfServer(vault, grantId)
  if (!record || record.fields.status === 'revoked') throw new WalletError('grant.missing')
  return record
}

export async function grantsOfServers(vault: OpenVault): Promise<readonly GrantOfServer[]> {
  const { records } = await vault.listRecords('grant')
  return records.filter(isOfServer)
}

function isOfServer(record: ListedRecord<'grant'>): record is GrantOfServer {
  return 'clientId' in record.fields.subject && record.fields.relay !== undefined
}

export function isLive(status: GrantStatus): boolean {
  return status === 'active' || status === 'paused'
}

/** The grant an app got by OAuth before: of the same registration, at the same server, for the same site. */
export async function findStanding(
  vault: OpenVault,
  site: string | null,
  wish: OAuthWish,
): Promise<GrantOfServer | null> {
  const { clientId, publicKeys } = wish.details.client
  const own = (await grantsOfServers(vault)).filter(({ fields }) => {
    const { subject, relay, status } = fields
    const isSame = subject.clientId === clientId && subject.server === wish.server
    return isSame && relay.byOAuth === true && relay.origin === site && isLive(status)
  })
  // An app with other keys is shown anew, and calls by other keys.
  return own.find(({ fields }) => fields.relay.appKeys.join() === publicKeys.join()) ?? null
}
