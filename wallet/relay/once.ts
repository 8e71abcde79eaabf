/** What was asked for already. An AI call costs money, so none is made twice (protocols §2; C105). */
import { WalletError, toBase64url, type Clock } from '../protocol/index.ts'
import type { RelayedCall, RelayReply } from './ports.ts'
import { sha256, utf8, type Bytes } from '../crypto/index.ts'

const REMEMBERED_MS = 10 * 60_000
/** Larger replies are not kept: asked for again, such a call is refused, never made again. */
const KEPT_REPLY_BYTES = 1024 * 1024
const KEPT_REPLIES = 16

export interface KeptReply {
  readonly status: number
  readonly headers: RelayReply['headers']
  readonly body: Bytes
}

/** That a call was begun under an idempotency key. */
export interface KeptClaim {
  readonly name: string
  /** Unix ms. */
  readonly until: number
  /** Of what was asked: base64url. */
  readonly hash: string
}

/**
 * Where claims outlive the process that made them. An app that lost its reply asks again by the same key, and
 * the browser may have ended the worker meanwhile. No reply is kept there.
 */
export interface ClaimMemory {
  read(): Promise<readonly KeptClaim[]>
  put(claim: KeptClaim): Promise<void>
  remove(names: readonly string[]): Promise<void>
}

interface Known {
  readonly until: number
  readonly hash: string | null
  reply: KeptReply | null
}

export interface RelayOnce {
  /** @throws `request.replayed` for a name that was claimed within ten minutes */
  readonly claim: (name: string) => void
  /**
   * Claims an idempotency key for one very call; what is claimed is written down before this ends.
   * @returns its reply, where it was made and kept; null: it is to be made now
   * @throws `request.replayed` for another call, one still under way, or one whose reply was not kept
   */
  readonly claimKey: (name: string, call: RelayedCall) => Promise<KeptReply | null>
  /** Its call was refused before anything was sent: the same key may be used again. */
  readonly release: (name: string) => void
  readonly keep: (name: string, reply: KeptReply) => void
  readonly since: number
}

/** Outlives the sockets. Request ids end with the worker: what is older than `since` cannot be told from a replay. */
export function createRelayOnce(clock: Clock, memory: ClaimMemory = NOWHERE): RelayOnce {
  const known = new Map<string, Known>()
  const loaded = memory.read().then((claims) => {
    for (const { name, until, hash } of claims) known.set(name, { until, hash, reply: null })
  })
  // Whoever claims a key hears of it.
  loaded.catch(() => undefined)
  const forget = (names: readonly string[]): void => {
    for (const name of names) known.delete(name)
    // What stays there too long refuses, and never makes a call.
    if (names.length > 0) memory.remove(names).catch(() => undefined)
  }
  const claim = (name: string, hash: string | null): Known | null => {
    const now = clock()
    forget(overIn(known, now))
    const before = known.get(name)
    if (before && before.until > now) return before
    known.set(name, { until: now + REMEMBERED_MS, hash, reply: null })
    return null
  }
  return {
    since: clock(),
    claim(name) {
      if (claim(name, null)) throw new WalletError('request.replayed')
    },
    async claimKey(name, call) {
      const hash = hashOf(call)
      await loaded
      const before = claim(name, hash)
      if (!before) {
        await memory.put({ name, until: clock() + REMEMBERED_MS, hash })
        return null
      }
      if (before.hash !== hash || !before.reply) throw new WalletError('request.replayed')
      return before.reply
    },
    release(name) {
      forget([name])
    },
    keep(name, reply) {
      const one = known.get(name)
      const kept = [...known.values()].filter((each) => each.reply)
      if (!one || reply.body.length > KEPT_REPLY_BYTES) return
      if (kept.length >= KEPT_REPLIES && kept[0]) kept[0].reply = null
      one.reply = reply
    },
  }
}

/** Names are in the order they were claimed, which is the order they end in. */
function overIn(known: ReadonlyMap<string, Known>, now: number): readonly string[] {
  const over: string[] = []
  for (const [name, { until }] of known) {
    if (until > now) break
    over.push(name)
  }
  return over
}

/** Of a wallet whose process does not end under it. */
const NOWHERE: ClaimMemory = {
  read: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  remove: () => Promise.resolve(),
}

function hashOf({ method, path, body }: RelayedCall): string {
  return toBase64url(sha256(utf8(JSON.stringify([method, path, [...sha256(body)]]))))
}
