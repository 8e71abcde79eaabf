/** What the server keeps: sealed envelopes, public keys, hashes of tokens, usage rows. Ids and keys are base64url. */
import type { Insertable, Selectable } from 'kysely'

export interface Tables {
  meta: { name: string; value: string }
  accounts: AccountTable
  rows: RowTable
  heads: { account_id: string; seq: number; hash: string; head: string; sig: string }
  devices: DeviceTable
  sessions: SessionTable
  pairings: PairingTable
  apps: AppTable
  connections: ConnectionTable
  link_sessions: LinkSessionTable
  app_tokens: AppTokenTable
  usage_rows: UsageTable
  once: { name: string; expires_at: number }
}

interface AccountTable {
  id: string
  vault_id: string
  suite: number
  salt: string
  kdf: string
  account_key: string
  recovery_key: string
  /** Of the body it was made with: the same body again is the same registration. */
  register_hash: string
  epoch: number
  seq: number
  head_hash: string
  head: string
  sig: string
  floor: number
  min_suite: number
  /** The device document, canonical JSON. */
  devices: string
  /** The epoch's keys sealed to each device, canonical JSON. */
  epoch_keys: string | null
  stored_bytes: number
  live_records: number
  created_at: number
  recovered_at: number | null
}
export type Account = Selectable<AccountTable>

interface RowTable {
  account_id: string
  record_id: string
  seq: number
  rev: number
  prev: string
  del: number
  writer_device_id: string
  epoch: number
  method: string | null
  params: string | null
  size_bytes: number
  envelope: Uint8Array
}
export type NewRow = Insertable<RowTable>

interface DeviceTable {
  account_id: string
  device_id: string
  ed25519: string
  acked_seq: number
  seen_at: number
}

interface SessionTable {
  id: string
  account_id: string
  device_id: string
  /** SHA-256 of the token. */
  hash: string
  expires_at: number
}

interface PairingTable {
  id: string
  /** Null once it was claimed. */
  code: string | null
  account_id: string | null
  commit_value: string
  offer_value: string | null
  reveal_value: string | null
  grant_value: string | null
  expires_at: number
}

interface AppTable {
  id: string
  account_id: string
  name: string
  origin: string
  public_keys: string
  /** SHA-256 of the client secret. */
  secret_hash: string
  created_at: number
}

interface ConnectionTable {
  id: string
  account_id: string
  client_id: string
  status: string
  created_at: number
  expires_at: number | null
  /** The grant's Ed25519 key; null for those of before there was one. */
  wallet_key: string | null
  /** `required` or `plain`. */
  sealed: string | null
}

interface LinkSessionTable {
  id: string
  /** The app's. */
  account_id: string
  client_id: string
  /** SHA-256 of the link token. */
  hash: string
  /** What the app suggests, JSON. */
  hints: string
  expires_at: number
  used_at: number | null
}

interface AppTokenTable {
  id: string
  /** `pt` or `at`. */
  kind: string
  /** SHA-256 of the token. */
  hash: string
  /** Of the person who agreed. */
  account_id: string
  connection_id: string
  client_id: string
  expires_at: number
  used_at: number | null
}

interface UsageTable {
  id: string
  account_id: string
  connection_id: string
  client_id: string
  at: number
  /** What the user shares: `totals` rows have no provider and no model. */
  level: string
  provider: string | null
  model: string | null
  requests: number
  input_tokens: number
  output_tokens: number
  nano_usd: number
  status: number | null
}
export type UsageRow = Selectable<UsageTable>
