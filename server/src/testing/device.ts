/** A client for tests: makes accounts and pushes as a wallet does, and knows every key it made. */
import { randomBytes } from 'node:crypto'
import {
  toBase64url,
  fromBase64url,
  type DeviceEntry,
  type DevicesDocument,
  type JsonObject,
  type PullReply,
  type SignedHeadText,
  type SyncRow,
  type DeviceId,
  type RecordId,
  type VaultId,
} from '@valetkey/wallet/protocol'
import {
  createKeySeed,
  exchangePublicKey,
  sign,
  signingPublicKey,
} from '@valetkey/wallet/crypto/signing'
import {
  NO_HEAD,
  accountMessage,
  certifyDevice,
  devicesHash,
  headHash,
  loginMessage,
  merkleRoot,
  proveRequest,
  registerMessage,
  signHead,
  signedHeadOf,
  type AccountOperation,
  type Head,
  type TreeRow,
} from '@valetkey/wallet/sync/formats'
import { createHash } from 'node:crypto'

const random = (sizeBytes: number) => Uint8Array.from(randomBytes(sizeBytes))
const newId = () => toBase64url(random(16))

export interface Reply<T> {
  readonly status: number
  readonly body: {
    readonly success: boolean
    readonly data: T
    readonly error: { readonly code: string; readonly details?: Record<string, string | number> }
  }
  readonly headers?: unknown
}

/** Sends a request as it is; over a socket or injected. */
export type Send = (request: {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}) => Promise<Reply<never>>

export interface Keys {
  readonly accountId: string
  readonly vaultId: string
  readonly identitySeed: Uint8Array
  readonly accountSeed: Uint8Array
  readonly recoverySeed: Uint8Array
}

export function createKeys(): Keys {
  return {
    accountId: newId(),
    vaultId: newId(),
    identitySeed: createKeySeed(random),
    accountSeed: createKeySeed(random),
    recoverySeed: createKeySeed(random),
  }
}

export interface DeviceKeys {
  readonly id: string
  readonly seed: Uint8Array
  readonly exchangeSeed: Uint8Array
}

export function createDeviceKeys(): DeviceKeys {
  return { id: newId(), seed: createKeySeed(random), exchangeSeed: createKeySeed(random) }
}

export function entryOf(keys: Keys, device: DeviceKeys): DeviceEntry {
  const entry = {
    id: device.id,
    ed25519: toBase64url(signingPublicKey(device.seed)),
    x25519: toBase64url(exchangePublicKey(device.exchangeSeed)),
    addedAt: 1,
  }
  return certifyDevice(entry, keys.vaultId as VaultId, keys.identitySeed)
}

export function documentOf(keys: Keys, devices: readonly DeviceKeys[]): DevicesDocument {
  const sorted = [...devices].sort((a, b) =>
    Buffer.compare(fromBase64url(a.id), fromBase64url(b.id)),
  )
  return {
    identity: toBase64url(signingPublicKey(keys.identitySeed)),
    links: [],
    devices: sorted.map((device) => entryOf(keys, device)),
  }
}

const TYPES = { passphrase: 2, recovery: 3, passkey: 4, epoch: 5 } as const

/** A row with an envelope of the right form: the server cannot tell what is in it. */
export function rowOf(change: {
  readonly recordId?: string
  readonly rev?: number
  readonly del?: 0 | 1
  readonly epoch?: number
  readonly writer: string
  readonly method?: keyof typeof TYPES
  readonly sizeBytes?: number
}): SyncRow {
  const { method, rev = 1, del = 0, epoch = 1, sizeBytes = 340 } = change
  const envelope = Buffer.from(random(sizeBytes))
  envelope.write('VLTK')
  envelope.writeUInt8(1, 4)
  envelope.writeUInt8(method ? TYPES[method] : 1, 5)
  envelope.writeUInt16BE(1, 6)
  envelope.writeUInt32BE(epoch, 8)
  return {
    recordId: change.recordId ?? newId(),
    rev,
    prev: '',
    del,
    writerDeviceId: change.writer,
    envelope: toBase64url(envelope),
    ...(method && { method, params: '{}' }),
  }
}

export const hashOfHead = (text: SignedHeadText): string =>
  toBase64url(headHash(signedHeadOf(text)))

/** A device with the newest state it has seen. */
export class TestDevice {
  readonly #send: Send
  readonly keys: Keys
  readonly device: DeviceKeys
  readonly origin: string
  token = ''
  rows = new Map<string, TreeRow>()
  head: Head | null = null
  headText: SignedHeadText | null = null
  document: DevicesDocument
  cursor: string | undefined

  constructor(options: { send: Send; origin: string; keys?: Keys; device?: DeviceKeys }) {
    this.#send = options.send
    this.origin = options.origin
    this.keys = options.keys ?? createKeys()
    this.device = options.device ?? createDeviceKeys()
    this.document = documentOf(this.keys, [this.device])
  }

  get base(): string {
    return this.headText ? hashOfHead(this.headText) : toBase64url(NO_HEAD)
  }

  /** The head over what this device has, and these changes. */
  nextHead(changes: readonly SyncRow[], overrides: Partial<Head> = {}): SignedHeadText {
    const seq = overrides.seq ?? (this.head?.seq ?? 0) + 1
    const rows = new Map(this.rows)
    for (const change of changes) rows.set(change.recordId, treeRowOf(change, seq))
    const floor = overrides.floor ?? this.head?.floor ?? 0
    const signed = signHead(
      {
        vaultId: this.keys.vaultId as VaultId,
        seq,
        prev: fromBase64url(this.base),
        epoch: this.head?.epoch ?? 1,
        minSuite: 1,
        floor,
        root: merkleRoot([...rows.values()], floor),
        devicesHash: devicesHash(this.document),
        writerDeviceId: this.device.id as DeviceId,
        ...overrides,
      },
      this.device.seed,
    )
    return { head: toBase64url(signed.head), sig: toBase64url(signed.sig) }
  }

  registerBody(changes: readonly SyncRow[] = [], wraps: readonly SyncRow[] = []): JsonObject {
    const body = {
      accountId: this.keys.accountId,
      ...this.credentials(),
      devices: this.document,
      wraps,
      head: this.nextHead([...changes, ...wraps]),
      changes,
    } as never as JsonObject
    const place = { accountId: this.keys.accountId, serverOrigin: this.origin }
    const message = registerMessage(place, body)
    const by = (seed: Uint8Array) => toBase64url(sign(seed, message))
    const signatures = { account: by(this.keys.accountSeed), device: by(this.device.seed) }
    return { ...body, signatures }
  }

  credentials(keys: Keys = this.keys) {
    return {
      suite: 1,
      salt: createHash('sha256').update(keys.accountSeed).digest('base64url').slice(0, 21) + 'A',
      kdf: { alg: 'argon2id', v: 19, m: 65_536, t: 3, p: 1 },
      accountKey: toBase64url(signingPublicKey(keys.accountSeed)),
      recoveryKey: toBase64url(signingPublicKey(keys.recoverySeed)),
    }
  }

  async register(
    changes: readonly SyncRow[] = [],
    wraps: readonly SyncRow[] = [],
  ): Promise<Reply<{ token: string }>> {
    const body = this.registerBody(changes, wraps)
    const reply = await this.guest<{ token: string }>('POST', '/v1/auth/register', body)
    if (reply.status === 201) {
      this.token = reply.body.data.token
      this.accept([...changes, ...wraps], body['head'] as never)
    }
    return reply
  }

  async challenge(): Promise<string> {
    const { accountId } = this.keys
    const url = '/v1/auth/prelogin'
    const reply = await this.guest<{ challenge: string }>('POST', url, { accountId })
    return reply.body.data.challenge
  }

  async login(): Promise<Reply<{ token: string; head: SignedHeadText }>> {
    const challenge = await this.challenge()
    const t = Date.now()
    const { accountId } = this.keys
    const message = loginMessage(
      { accountId, serverOrigin: this.origin },
      { deviceId: this.device.id, challenge: fromBase64url(challenge), t },
    )
    const sig = toBase64url(sign(this.device.seed, message))
    const body = { accountId, deviceId: this.device.id, challenge, t, sig }
    const reply = await this.guest<{ token: string; head: SignedHeadText }>(
      'POST',
      '/v1/auth/login',
      body,
    )
    if (reply.status === 200) this.token = reply.body.data.token
    return reply
  }

  /** What the account's keys sign. */
  async signedByAccount(
    operation: AccountOperation,
    body: JsonObject,
    by: 'account' | 'recovery' = 'account',
  ): Promise<JsonObject> {
    const challenge = await this.challenge()
    const whole = { accountId: this.keys.accountId, ...body, challenge }
    const place = { accountId: this.keys.accountId, serverOrigin: this.origin }
    const message = accountMessage(place, operation, whole, fromBase64url(challenge))
    const seed = by === 'account' ? this.keys.accountSeed : this.keys.recoverySeed
    return { ...whole, signatures: { [by]: toBase64url(sign(seed, message)) } }
  }

  pushBody(changes: readonly SyncRow[], overrides: Partial<Head> = {}) {
    return { base: this.base, changes, head: this.nextHead(changes, overrides) }
  }

  async push(changes: readonly SyncRow[]): Promise<Reply<{ seq: number }>> {
    const body = this.pushBody(changes)
    const reply = await this.ask<{ seq: number }>('POST', '/v1/sync/push', body)
    if (reply.status === 200) this.accept(changes, body.head)
    return reply
  }

  /** The server took these changes with this head. */
  accept(changes: readonly SyncRow[], head: SignedHeadText): void {
    const seq = (this.head?.seq ?? 0) + 1
    for (const change of changes) this.rows.set(change.recordId, treeRowOf(change, seq))
    this.take(head)
  }

  take(text: SignedHeadText): void {
    const bytes = Buffer.from(text.head, 'base64url')
    this.headText = text
    this.head = {
      vaultId: this.keys.vaultId as VaultId,
      seq: Number(bytes.readBigUInt64BE(25)),
      prev: bytes.subarray(33, 65),
      epoch: bytes.readUInt32BE(65),
      minSuite: bytes.readUInt8(69),
      floor: Number(bytes.readBigUInt64BE(70)),
      root: bytes.subarray(78, 110),
      devicesHash: bytes.subarray(110, 142),
      writerDeviceId: toBase64url(bytes.subarray(142)) as DeviceId,
    }
  }

  /** All pages from the cursor on, and whether the root is of what then is there. */
  async pull(query = ''): Promise<{ status: number; pages: PullReply[]; rootHolds: boolean }> {
    const pages: PullReply[] = []
    const staged = new Map(this.cursor === undefined ? [] : this.rows)
    let cursor = this.cursor
    for (;;) {
      const asked = [query, cursor === undefined ? '' : `cursor=${cursor}`].filter(Boolean)
      const search = asked.length === 0 ? '' : `?${asked.join('&')}`
      const reply = await this.ask<PullReply>('GET', `/v1/sync/pull${search}`)
      if (reply.status !== 200) return { status: reply.status, pages, rootHolds: false }
      const page = reply.body.data
      pages.push(page)
      for (const row of page.rows) staged.set(row.recordId, treeRowOf(row, row.seq))
      cursor = page.cursor
      if (!page.head) continue
      this.rows = staged
      this.cursor = cursor
      this.take(page.head)
      if (page.devices) this.document = page.devices
      const root = merkleRoot([...staged.values()], this.head?.floor ?? 0)
      const rootHolds = Buffer.compare(root, this.head?.root ?? NO_HEAD) === 0
      return { status: 200, pages, rootHolds }
    }
  }

  guest<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
  ): Promise<Reply<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = text === undefined ? {} : { 'content-type': 'application/json' }
    return this.#send({ method, url, headers, body: text })
  }

  /** With the session and the device's proof. */
  ask<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: unknown,
  ): Promise<Reply<T>> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const proof = this.prove(method, url, text)
    const type = text === undefined ? {} : { 'content-type': 'application/json' }
    return this.#send({ method, url, headers: { ...proof, ...type }, body: text })
  }

  prove(method: string, url: string, text: string | undefined) {
    const request = {
      method,
      targetUri: this.origin + url,
      body: Buffer.from(text ?? ''),
      authorization: `Bearer ${this.token}`,
    }
    return proveRequest(
      request,
      { deviceId: this.device.id, seed: this.device.seed },
      Date.now(),
      random,
    )
  }
}

export function treeRowOf(row: SyncRow, seq: number): TreeRow {
  const envelopeHash = createHash('sha256').update(fromBase64url(row.envelope)).digest()
  return {
    rev: row.rev,
    del: row.del,
    recordId: row.recordId as RecordId,
    writerDeviceId: row.writerDeviceId as DeviceId,
    prev: fromBase64url(row.prev),
    envelopeHash,
    seq,
  }
}
