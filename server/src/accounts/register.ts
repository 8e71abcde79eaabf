import {
  WalletError,
  canonicalJson,
  fromBase64url,
  toBase64url,
  type RegisterRequest,
} from '@valetkey/wallet/protocol'
import { bodyHash, registerMessage } from '@valetkey/wallet/sync/formats'
import { openSession } from '../auth/session.ts'
import { verifySignature } from '../auth/verify-signature.ts'
import type { Account } from '../database/tables.ts'
import type { Server } from '../server.ts'
import { findAccount, insertAccount } from '../stores/accounts.ts'
import { replaceDevices } from '../stores/devices.ts'
import { inTransaction } from '../stores/queries.ts'
import { insertHead, writeRows } from '../stores/vault.ts'
import { headColumns } from '../sync/apply-push.ts'
import { checkFirstPush, type CheckedPush } from '../sync/check-push.ts'

/**
 * A new account with its vault. The same body again is the same registration, for who lost the reply.
 * @throws `request.unprocessable`, also for another body under an id that is taken
 */
export async function register(
  server: Server,
  body: RegisterRequest,
): Promise<{ token: string; expiresAt: number }> {
  const push = checkFirstPush(body.accountId, {
    base: '',
    changes: [...body.wraps, ...body.changes],
    head: body.head,
    devices: body.devices,
  })
  assertSigned(server, body, push)
  const registerHash = toBase64url(bodyHash(body as never)) // parsed JSON
  const { accountId } = body
  const session = { accountId, deviceId: push.head.writerDeviceId }
  return inTransaction(server.database, async (queries) => {
    const known = await findAccount(queries, accountId)
    if (!known) {
      if (server.config.registration === 'closed') throw new WalletError('auth.forbidden')
      const stored = await writeRows(queries, accountId, push.rows, { bytes: 0, live: 0 })
      const account = accountOf(body, push, registerHash)
      const inserted = await insertAccount(queries, {
        ...account,
        stored_bytes: stored.bytes,
        live_records: stored.live,
        created_at: server.clock(),
      })
      if (!inserted) throw new WalletError('sync.conflict')
      const { seq } = push.head
      await insertHead(queries, { account_id: accountId, seq, hash: push.hash, ...push.text })
      await replaceDevices(queries, accountId, push.devices.devices, server.clock())
    } else if (known.register_hash !== registerHash) {
      throw new WalletError('request.unprocessable')
    }
    return openSession(server, queries, session)
  })
}

function assertSigned(server: Server, body: RegisterRequest, push: CheckedPush): void {
  const place = { accountId: body.accountId, serverOrigin: server.config.origin }
  const message = registerMessage(place, body as never) // parsed JSON
  const writer = push.devices.devices.find(({ id }) => id === push.head.writerDeviceId)
  const { account, device } = body.signatures
  const good =
    writer !== undefined &&
    verifySignature(fromBase64url(body.accountKey), message, fromBase64url(account)) &&
    verifySignature(fromBase64url(writer.ed25519), message, fromBase64url(device))
  if (!good) throw new WalletError('request.unprocessable')
}

/** What stands for a person's passphrase. */
export function credentialColumns(
  body: Pick<RegisterRequest, 'suite' | 'salt' | 'kdf' | 'accountKey'>,
): Pick<Account, 'suite' | 'salt' | 'kdf' | 'account_key'> {
  return {
    suite: body.suite,
    salt: body.salt,
    kdf: canonicalJson(body.kdf),
    account_key: body.accountKey,
  }
}

function accountOf(body: RegisterRequest, push: CheckedPush, registerHash: string) {
  return {
    id: body.accountId,
    ...credentialColumns(body),
    recovery_key: body.recoveryKey,
    ...headColumns(push),
    register_hash: registerHash,
    recovered_at: null,
  }
}
