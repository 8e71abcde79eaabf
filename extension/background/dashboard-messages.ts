/** Messages of our script on a provider's dashboard. It proposes; nothing it says is taken for true. */
import {
  WalletError,
  captureMessageSchema,
  createId,
  parseWith,
  toWire,
  type CaptureReply,
} from '@valetkey/wallet/protocol'
import { readPageName, readProposedKey } from './read-candidate.ts'
import type { DashboardPage } from './sender.ts'
import type { Wallet } from './wallet.ts'

type Parts = Pick<Wallet, 'captures' | 'revokedKeys' | 'random'>

/** Answers the script. Never throws: a failure is a reply in the wire's form. */
export async function answerDashboard(
  raw: unknown,
  page: DashboardPage,
  { captures, revokedKeys, random }: Parts,
): Promise<CaptureReply> {
  const { provider, origin, tabId } = page
  try {
    const message = parseWith(captureMessageSchema, raw, 'protocol.invalid_message')
    if (message.type === 'capture.revoked') {
      // Answered before any key is looked at: how long that takes would tell which one is here.
      void revokedKeys.look(provider, message.masks).catch(() => undefined)
      return { ok: true, result: { outcome: 'heard' } }
    }
    const key = readProposedKey(message.key, provider)
    if (key === null) throw new WalletError('request.unprocessable')
    const name = readPageName(message.name, key)
    await captures.ask({ provider, key, origin, via: message.via, name, tabId })
    return { ok: true, result: { outcome: 'asked' } }
  } catch (error) {
    return { ok: false, error: toWire(error, createId(random)) }
  }
}
