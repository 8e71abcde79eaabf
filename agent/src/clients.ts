/**
 * The clients of the local endpoint: each has a grant of its own, as a site has in the browser. The grant
 * names the hash of the client's token, so that who may call is sealed in the vault like what they may do.
 */
import {
  createValetKey,
  toBase64url,
  type Grant,
  type GrantId,
  type Terms,
} from '@valetkey/wallet/protocol'
import { sha256 } from '@valetkey/wallet/crypto'
import type { OpenVault } from '@valetkey/wallet/vault'
import { AgentError } from './agent-error.ts'
import type { WalletHome } from './wallet-home.ts'

export interface Client {
  readonly name: string
  /** base64url of the SHA-256 of its token. */
  readonly tokenHash: string
  readonly grant: Grant
}

/** Beside the name in the client id; no name has one. */
const SEPARATOR = '#'
/** Where a client of this kind is served: no site and no server has this subject. */
const SERVER = 'http://127.0.0.1'
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** What a client shows: of a valet key's form, so that clients that look at their key's form take it. */
const TOKEN_SHAPE = 'sk-proj-156'

/** @throws AgentError for a name that is none */
export function assertClientName(name: string): void {
  if (!NAME.test(name)) {
    throw new AgentError('A client’s name is up to 40 letters, digits, dots, dashes.')
  }
}

export function hashToken(token: string): string {
  return toBase64url(sha256(new TextEncoder().encode(token)))
}

/** Every client, those that were revoked among them. */
export async function listClients(vault: OpenVault): Promise<Client[]> {
  const { records } = await vault.listRecords('grant')
  return records.flatMap(({ id, fields }) => {
    const { subject, status, terms, createdAt } = fields
    if (!('clientId' in subject) || subject.server !== SERVER) return []
    const [name = '', tokenHash = ''] = subject.clientId.split(SEPARATOR)
    return [{ name, tokenHash, grant: { id, subject, status, terms, createdAt } }]
  })
}

/** The client of a name that was not revoked; null: none. */
export async function findClient(vault: OpenVault, name: string): Promise<Client | null> {
  const named = (await listClients(vault)).filter((client) => client.name === name)
  return named.find(({ grant }) => grant.status !== 'revoked') ?? null
}

/**
 * Lets a client in.
 * @returns its token, which is kept nowhere
 * @throws AgentError for a name that is taken, or none
 */
export async function createClient(
  vault: OpenVault,
  { name, terms }: { readonly name: string; readonly terms: Terms },
  { clock, random }: Pick<WalletHome['vault'], 'clock' | 'random'>,
): Promise<string> {
  assertClientName(name)
  if (await findClient(vault, name)) throw new AgentError(`There is a client ${name} already.`)
  const token = createValetKey(TOKEN_SHAPE, random)
  await vault.createRecord('grant', {
    subject: { clientId: `${name}${SEPARATOR}${hashToken(token)}`, server: SERVER },
    ...{ terms, status: 'active', createdAt: clock(), valetKeys: [] },
  })
  return token
}

/** @throws AgentError where there is no such client */
export async function changeClient(
  vault: OpenVault,
  name: string,
  change: { readonly status?: 'active' | 'paused' | 'revoked'; readonly terms?: Terms },
): Promise<GrantId> {
  const client = await findClient(vault, name)
  if (!client) throw new AgentError('There is no such client. See: valetkey agent clients')
  await vault.updateRecord('grant', client.grant.id, change)
  return client.grant.id
}
