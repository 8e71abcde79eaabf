/** A new device, by the passphrase and the recovery kit: no other device says that the vault is the newest. */
import {
  DEVICES_PER_ACCOUNT,
  WalletError,
  accountIdSchema,
  createId,
  fromBase64url,
  isWalletError,
  parseWith,
  type AccountId,
  type DeviceId,
  type PullReply,
} from '../protocol/index.ts'
import { checkedRandom, createKeySeed, parseSecretKey, type RootKeyEntry } from '../crypto/index.ts'
import {
  deriveRemoteKeys,
  openRemoteWrap,
  type PassphraseKdf,
  type RemoteKeys,
} from '../vault/index.ts'
import { describeDevice, headOverDevices, withDevice } from './device-list.ts'
import {
  admit,
  fetchWhole,
  headerOf,
  memoryOf,
  type ArrivedRows,
  type JoinedVault,
  type NewDevice,
} from './joined-vault.ts'
import type { ServerClient } from './server-client.ts'

export interface KitJoinPorts {
  readonly client: ServerClient
  readonly kdf: PassphraseKdf
}

/** As the person typed it, from the kit. */
export interface KitJoin {
  readonly accountIdText: string
  /** `VK1-…` */
  readonly secretKeyText: string
  readonly passphrase: string
}

/** How often it begins again because another device wrote meanwhile. */
const ROUNDS = 5

/**
 * Makes this a device of the account. The server could show it an older state of the vault than there is:
 * the caller says so until the person compared with another device. Runs the KDF once.
 * @throws `request.invalid` for a mistyped account id or Secret Key; `auth.failed` where account, Secret Key
 * and passphrase do not belong together; `vault.corrupt` for KDF parameters outside this client's bounds
 * (C81); `sync.rollback` for a vault that cannot be believed; `vault.unlock_failed`, `vault.newer`;
 * `vault.quota` for an account with 32 devices; `provider.network`
 */
export async function joinWithKit(ports: KitJoinPorts, join: KitJoin): Promise<JoinedVault> {
  const { client, kdf } = ports
  const accountId = readAccountId(join.accountIdText)
  const secretKey = parseSecretKey(join.secretKeyText)
  const told = await client.prelogin(accountId)
  if (told.suite !== 1) throw new WalletError('vault.newer')
  const credentials = { passphrase: join.passphrase, secretKey, accountId }
  const keys = await deriveRemoteKeys(kdf, credentials, told)
  const random = checkedRandom(client.random)
  const device = {
    deviceId: createId<DeviceId>(random),
    keys: { ed25519: createKeySeed(random), x25519: createKeySeed(random) },
  }
  try {
    const enrolment = { client, accountId, secretKey, device, salt: told.salt, keys }
    for (let round = 1; ; round++) {
      try {
        return await enrol(enrolment)
      } catch (error) {
        if (round === ROUNDS || !isWalletError(error, 'sync.conflict')) throw error
      }
    }
  } finally {
    for (const secret of [keys.root, keys.accountSeed]) secret.fill(0)
  }
}

function readAccountId(text: string): AccountId {
  const accountId = parseWith(accountIdSchema, text.trim(), 'request.invalid')
  fromBase64url(accountId)
  return accountId
}

interface Enrolment {
  readonly client: ServerClient
  readonly accountId: AccountId
  readonly secretKey: Uint8Array
  readonly device: NewDevice
  readonly salt: string
  readonly keys: RemoteKeys
}

async function enrol(enrolment: Enrolment): Promise<JoinedVault> {
  const { client, accountId, secretKey, device } = enrolment
  const arrived = await fetchWhole(serverFor(enrolment), null)
  const header = headerOf(arrived.head, { accountId, secretKey, deviceId: device.deviceId })
  const entry = openRemoteWrap(header, arrived.rows, { ...enrolment.keys, salt: enrolment.salt })
  const { deviceRow, identitySeed, rootKeys } = admitted(arrived, { header, entry }, enrolment)
  const described = describeDevice(device.deviceId, device.keys, client.clock())
  const { devices: list } = arrived.pulled
  if (list.devices.length >= DEVICES_PER_ACCOUNT) throw new WalletError('vault.quota')
  const devices = withDevice(list, described, { vaultId: header.vaultId, identitySeed })
  identitySeed.fill(0)
  const before = memoryOf(arrived, arrived.pulled.headText)
  const writer = { ...header, deviceSeed: device.keys.ed25519 }
  const { base, head } = headOverDevices(before, devices, writer)
  await sendOnce(enrolment, { accountId, base, changes: [], head, devices })
  const memory = memoryOf(arrived, head, devices)
  return { header, rows: [...arrived.rows, deviceRow], memory, rootKeys }
}

function admitted(
  arrived: ArrivedRows,
  opened: { readonly header: JoinedVault['header']; readonly entry: RootKeyEntry },
  { device, client }: Enrolment,
) {
  try {
    return admit(arrived, opened, device, client.random)
  } finally {
    opened.entry.rootKey.fill(0)
  }
}

/** Every page is signed for by ASK; there is no chain to ask for where no head is known yet. */
function serverFor({ client, accountId, keys }: Enrolment) {
  return {
    pull: async (cursor: string | null): Promise<PullReply> => {
      const body = cursor === null ? { accountId } : { accountId, cursor }
      return client.fetchForEnrolment(await client.approve('device', body, keys.accountSeed))
    },
    heads: () => Promise.resolve({ heads: [] }),
  }
}

/** A second time where the reply was lost: the head makes it the same. */
async function sendOnce(
  { client, keys }: Enrolment,
  body: Parameters<ServerClient['enrol']>[0],
): Promise<void> {
  const send = async () => client.enrol(await client.approve('device', body, keys.accountSeed))
  try {
    await send()
  } catch (error) {
    if (!isWalletError(error, 'provider.network')) throw error
    await send()
  }
}
