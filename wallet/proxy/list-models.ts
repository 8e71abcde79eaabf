/** The models of a grant under their unified names, as OpenAI's `GET /v1/models` lists them. */
import { grantState, matchesPattern } from '../grants/index.ts'
import { listedChatModels } from '../metering/index.ts'
import { WalletError, type Grant, type GrantId } from '../protocol/index.ts'
import { servesChat } from '../providers/translate/index.ts'
import { openGrant } from './admit.ts'
import type { CallReply } from './call.ts'
import type { ProxyPorts } from './ports.ts'
import { streamOf } from './refusal.ts'

/**
 * Asks no provider and costs nothing: what the grant names, and what the table of prices knows of it.
 * @throws `vault.locked`, `grant.paused`, `grant.missing`, `grant.revoked`, `grant.expired`
 */
export async function listModels(
  grantId: GrantId,
  ports: ProxyPorts,
): Promise<Extract<CallReply, { kind: 'response' }>> {
  const { grant } = await openGrant({ grantId, provider: null }, ports)
  const now = ports.clock()
  const state = grantState(grant, now)
  if (state === 'pending') throw new WalletError('grant.missing')
  if (state !== 'active') throw new WalletError(`grant.${state}`)
  const data = modelsOfGrant(grant, now).map((id) => {
    const [provider] = id.split('/', 1)
    return { id, object: 'model', created: 0, owned_by: provider }
  })
  return {
    ...{ kind: 'response', status: 200, statusText: '' },
    headers: [['content-type', 'application/json']],
    body: streamOf(JSON.stringify({ object: 'list', data })),
  }
}

function modelsOfGrant({ terms }: Grant, now: number): readonly string[] {
  const names = terms.providers.flatMap(({ provider, models, capabilities }) => {
    if (!capabilities.includes('chat') || !servesChat(provider)) return []
    const listed = listedChatModels(provider, now)
    if (models === 'any') return listed.map((name) => `${provider}/${name}`)
    // A name that is written out is offered though the table does not know it: the person chose it.
    const named = models.filter((pattern) => !pattern.includes('*'))
    const matched = listed.filter((name) => models.some((pattern) => matchesPattern(pattern, name)))
    return [...named, ...matched].map((name) => `${provider}/${name}`)
  })
  return [...new Set(names)].sort()
}
