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
  oauth_families: OAuthFamilyTable
  oauth_requests: OAuthRequestTable
  oauth_codes: OAuthCodeTable
  usage_rows: UsageTable
  relay_log: RelayLogTable
  receipt_chains: ReceiptChainTable
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
  /** SHA-256 of the client secret; of a public client nobody knows it. */
  secret_hash: string
  created_at: number
  updated_at: number
  /** Another name of it, for interfaces that want a number; drawn, so it counts nothing. */
  number: number
  /** JSON lists. */
  redirect_uris: string
  scopes: string
  /** `CONFIDENTIAL` or `PUBLIC`. */
  client_type: string
  access_ttl_s: number
  refresh_ttl_s: number
  /** 0 or 1. */
  is_active: number
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
  /** JSON: the key of the week, as the wallet signed it; null: it named none. */
  relay_key: string | null
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
  /** `pt`, `at` or `rt`. */
  kind: string
  /** SHA-256 of the token. */
  hash: string
  /** Of the person who agreed. */
  account_id: string
  connection_id: string
  client_id: string
  expires_at: number
  used_at: number | null
  /** Null: of Link. */
  family: string | null
  /** JSON; null: of Link. */
  scopes: string | null
}

/** All tokens that came of one consent: what ends one of them for misuse ends all. */
interface OAuthFamilyTable {
  id: string
  account_id: string
  connection_id: string
  client_id: string
  /** JSON, as granted. */
  scopes: string
  details: string
  /** `active` or `revoked`. */
  status: string
  created_at: number
}

/** What an app asked, until the person answered. */
interface OAuthRequestTable {
  /** SHA-256 of the request id; for a device whose code nobody typed yet, of its device code. */
  id: string
  client_id: string
  scopes: string
  details: string
  /** `open`, `agreed`, `denied` or `used`. */
  status: string
  /** These three are null where a device asks. */
  redirect_uri: string | null
  state: string | null
  challenge: string | null
  from_address: string | null
  user_code: string | null
  /** SHA-256 of the device code. */
  device_hash: string | null
  account_id: string | null
  connection_id: string | null
  interval_s: number
  polled_at: number
  expires_at: number
}

interface OAuthCodeTable {
  /** SHA-256 of the code; also the id of its family. */
  id: string
  account_id: string
  connection_id: string
  client_id: string
  scopes: string
  details: string
  redirect_uri: string
  challenge: string
  expires_at: number
  used_at: number | null
}

/** What this server saw of a relayed call. Never what was in it. */
interface RelayLogTable {
  connection_id: string
  request_id: string
  account_id: string
  client_id: string
  at: number
  ms: number
  bytes_in: number
  bytes_out: number
  /** As the app saw it; 499 where it went away. Of a sealed call the true one is inside. */
  status: number
  /** Of the receipt the wallet sent for it. */
  receipt_hash: string | null
}
export type RelayedRow = Selectable<RelayLogTable>

/** The last receipt of each device. */
interface ReceiptChainTable {
  account_id: string
  device_id: string
  n: number
  hash: string
  /** How many the device made and this server never got. */
  missing: number
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
