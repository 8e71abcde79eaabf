/**
 * An account at a server that the vault is not synced with (protocols §3): what apps' servers that ask there need of
 * a wallet, and nothing of the vault. Its id and its keys are drawn for it, so that nothing ties it to the person's
 * own account, or to one of theirs at another server.
 */
import { KDF_DEFAULT } from '../crypto/index.ts'
import { createKeySeed, sign, signingPublicKey } from '../crypto/signing.ts'
import {
  createId,
  fromBase64url,
  toBase64url,
  type DeviceId,
  type Random,
  type RelayAccount,
  type TokenReply,
  type VaultId,
} from '../protocol/index.ts'
import { describeDevice, firstDocument, headOverDevices } from './device-list.ts'
import type { ServerClient } from './server-client.ts'
import { asJson, registerMessage } from './signed.ts'

export interface OpenedRelayAccount {
  readonly account: RelayAccount
  readonly session: TokenReply
}

/**
 * Registers one. Its vault has no record, and its passphrase no person: the key of its only device stands for both.
 * @throws `auth.forbidden` where registration is closed; `provider.network`
 */
export async function openRelayAccount(
  client: Pick<ServerClient, 'origin' | 'clock' | 'register'>,
  random: Random,
): Promise<OpenedRelayAccount> {
  const [accountId, vaultId] = [createId(random), createId<VaultId>(random)]
  const deviceId = createId<DeviceId>(random)
  const seed = createKeySeed(random)
  const place = { vaultId, identitySeed: createKeySeed(random) }
  const seeds = { ed25519: seed, x25519: createKeySeed(random) }
  const devices = firstDocument(describeDevice(deviceId, seeds, client.clock()), place)
  const state = {
    ...{ head: null, cursor: null, floor: 0, outbox: null, devices },
    ...{ identity: devices.identity, parts: {} },
  }
  const writer = { vaultId, deviceId, epoch: 1, minSuite: 1, deviceSeed: seed }
  const { head } = headOverDevices({ state, synced: [] }, devices, writer)
  const unsigned = {
    ...{ accountId, suite: 1 as const, salt: toBase64url(random(16)), kdf: { ...KDF_DEFAULT } },
    accountKey: toBase64url(signingPublicKey(seed)),
    // Nobody recovers what holds nothing: of this key only the public half is kept.
    recoveryKey: toBase64url(signingPublicKey(createKeySeed(random))),
    ...{ devices, head, wraps: [], changes: [] },
  }
  const message = registerMessage({ accountId, serverOrigin: client.origin }, asJson(unsigned))
  const sig = toBase64url(sign(seed, message))
  const session = await client.register({ ...unsigned, signatures: { account: sig, device: sig } })
  return { account: { accountId, deviceId, seed: toBase64url(seed) }, session }
}

/** Deletes it, and with it all that the server has of it. @throws as {@link ServerClient.deleteAccount} */
export async function closeRelayAccount(
  client: Pick<ServerClient, 'approve' | 'deleteAccount'>,
  { accountId, seed }: RelayAccount,
): Promise<void> {
  await client.deleteAccount(await client.approve('delete', { accountId }, fromBase64url(seed)))
}
