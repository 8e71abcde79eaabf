/**
 * Which of a grant's keys a call is made with: the one that worked last, and the next one where a
 * provider does not take it. A refusal is known before any byte of an answer is passed on.
 */
import { WalletError, isWalletError, type KeyId } from '../protocol/index.ts'
import type { AdmittedCall } from './admit.ts'
import type { OpenedKey } from './call.ts'
import { openKey } from './open-key.ts'
import type { ProxyPorts } from './ports.ts'
import type { SentReply } from './send.ts'

/** Unauthorized, out of credit, slowed down: another key may well be taken. */
const MOVES_ON: readonly number[] = [401, 402, 429]

/**
 * Makes a call with one key after the other until one is not refused, each at most once.
 * @param attempt one send of its own, charged on its own (C73)
 * @throws `request.not_found`, `vault.corrupt`, `vault.newer` when no key is there; what `attempt` throws
 */
export async function sendByPool(
  admitted: AdmittedCall,
  ports: Pick<ProxyPorts, 'keyTurns' | 'noteKeyRefused'>,
  attempt: (key: OpenedKey) => Promise<SentReply>,
): Promise<SentReply> {
  const { grant, provider, keyIds, vault } = admitted
  const isPool = keyIds.length > 1
  const turn = (isPool ? await ports.keyTurns.read(grant.id, provider.id) : null) ?? keyIds[0]
  let refused: SentReply | null = null
  // Made when it is thrown: a stack trace costs every call that needs none.
  let missing: WalletError | null = null
  for (const keyId of startingAt(keyIds, turn)) {
    const key = await openKey(keyId, provider, vault)
    if (isWalletError(key)) {
      missing = key
      continue
    }
    const sent = await attempt(key)
    if (!movesOn(sent)) {
      // Sticky: the next call starts with the key that served this one.
      if (isPool && keyId !== turn) ports.keyTurns.write(grant.id, provider.id, keyId)
      return sent
    }
    ports.noteKeyRefused(keyId, sent.meaning)
    refused = sent
  }
  if (refused) return refused
  throw missing ?? new WalletError('request.not_found')
}

/** A provider that calls a bad key a bad request (Google) says in the body that it means the key. */
function movesOn({ status, meaning }: SentReply): boolean {
  return MOVES_ON.includes(status) || (status === 400 && meaning === 'refused')
}

/** Every key once, in the pool's order, from the one whose turn it is. */
function startingAt(keyIds: readonly KeyId[], turn: KeyId | undefined): readonly KeyId[] {
  const start = Math.max(
    0,
    keyIds.findIndex((keyId) => keyId === turn),
  )
  return [...new Set([...keyIds.slice(start), ...keyIds.slice(0, start)])]
}
