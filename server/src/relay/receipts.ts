/** Receipts of wallets, checked against what this server relayed. No money rests on them: a wallet may lie of itself. */
import { createHash } from 'node:crypto'
import {
  canonicalJson,
  fromBase64url,
  toBase64url,
  type ReceiptOutcome,
  type SignedReceipt,
} from '@valetkey/wallet/protocol'
import { receiptMessage } from '@valetkey/wallet/sync/formats'
import type { DeviceSession } from '../auth/session.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Server } from '../server.ts'
import { findDevice } from '../stores/devices.ts'
import { inTransaction, type Queries } from '../stores/queries.ts'
import { findRelayed, listChains, moveChain, setReceipt, type Chain } from '../stores/relay-log.ts'
import { addUsage } from '../stores/usage.ts'

const FIRST = toBase64url(new Uint8Array(32))

/** In their order; each stands or falls alone. */
export async function takeReceipts(
  server: Server,
  session: DeviceSession,
  receipts: readonly SignedReceipt[],
): Promise<{ outcomes: { req: string; outcome: ReceiptOutcome }[] }> {
  // The call may have ended within the second.
  await server.relayLog.flush()
  const { accountId, deviceId } = session
  const device = await findDevice(server.database.queries, accountId, deviceId)
  const key = device ? fromBase64url(device.ed25519) : new Uint8Array(32)
  const outcomes: { req: string; outcome: ReceiptOutcome }[] = []
  for (const signed of receipts) {
    const { receipt, sig } = signed
    // C92
    const message = receiptMessage(receipt.grant, receipt)
    const isSigned = verifySignature(key, message, fromBase64url(sig))
    const outcome = isSigned ? await takeOne(server, session, signed) : ('forged' as const)
    outcomes.push({ req: receipt.req, outcome })
  }
  return { outcomes }
}

function takeOne(
  server: Server,
  { accountId, deviceId }: DeviceSession,
  { receipt, share, sig }: SignedReceipt,
): Promise<ReceiptOutcome> {
  return inTransaction(server.database, async (queries) => {
    const relayed = await findRelayed(queries, { accountId, ...receipt })
    if (!relayed) return 'unknown'
    const last = await lastOf(queries, accountId, deviceId)
    if (relayed.receipt_hash !== null || receipt.n <= last.n) return 'replayed'
    const isNext = receipt.n === last.n + 1
    // C92: what follows directly has to name the one before; where some are missing, that is shown.
    if (isNext && receipt.prev_hash !== last.hash) return 'broken'
    const hash = hashOfReceipt({ ...receipt, sig })
    const missing = last.missing + receipt.n - last.n - 1
    const isMoved = await moveChain(queries, accountId, last, {
      ...{ device_id: deviceId, n: receipt.n, hash, missing },
    })
    if (!isMoved || !(await setReceipt(queries, relayed, hash))) return 'replayed'
    await addUsage(
      queries,
      {
        ...{ accountId, connectionId: relayed.connection_id, clientId: relayed.client_id },
        ...{ at: relayed.at, provider: receipt.provider, model: receipt.model },
        ...{ inputTokens: receipt.in, outputTokens: receipt.out, nanoUsd: receipt.nano_usd },
        status: receipt.status,
      },
      share,
      server.random,
    )
    return 'accepted'
  })
}

async function lastOf(queries: Queries, accountId: string, deviceId: string): Promise<Chain> {
  const chains = await listChains(queries, accountId)
  const known = chains.find(({ device_id }) => device_id === deviceId)
  return known ?? { device_id: deviceId, n: 0, hash: FIRST, missing: 0 }
}

/** What the next receipt names as the one before. */
export function hashOfReceipt(
  receipt: SignedReceipt['receipt'] & { readonly sig: string },
): string {
  return createHash('sha256').update(canonicalJson(receipt)).digest('base64url')
}
