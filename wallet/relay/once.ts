/** What was asked for already. An AI call costs money, so none is made twice (protocols §2; C105). */
import { WalletError, type Clock } from '../protocol/index.ts'
import type { RelayedCall, RelayReply } from './ports.ts'
import { equalBytes, sha256, utf8, type Bytes } from '../crypto/index.ts'

const REMEMBERED_MS = 10 * 60_000
/** Larger replies are not kept: asked for again, such a call is refused, never made again. */
const KEPT_REPLY_BYTES = 1024 * 1024
const KEPT_REPLIES = 16

export interface KeptReply {
  readonly status: number
  readonly headers: RelayReply['headers']
  readonly body: Bytes
}

interface Known {
  readonly until: number
  readonly hash: Bytes | null
  reply: KeptReply | null
}

export interface RelayOnce {
  /** @throws `request.replayed` for a name that was claimed within ten minutes */
  readonly claim: (name: string) => void
  /**
   * Claims an idempotency key for one very call.
   * @returns its reply, where it was made and kept; null: it is to be made now
   * @throws `request.replayed` for another call, one still under way, or one whose reply was not kept
   */
  readonly claimKey: (name: string, call: RelayedCall) => KeptReply | null
  /** Its call was refused before anything was sent: the same key may be used again. */
  readonly release: (name: string) => void
  readonly keep: (name: string, reply: KeptReply) => void
  readonly since: number
}

/** Outlives the sockets, and ends with the worker: what is older than `since` cannot be told from a replay. */
export function createRelayOnce(clock: Clock): RelayOnce {
  const known = new Map<string, Known>()
  const forgetOld = (): void => {
    // In the order they were claimed, which is the order they end in.
    for (const [name, { until }] of known) {
      if (until > clock()) return
      known.delete(name)
    }
  }
  const claim = (name: string, hash: Bytes | null): Known | null => {
    forgetOld()
    const before = known.get(name)
    if (before) return before
    known.set(name, { until: clock() + REMEMBERED_MS, hash, reply: null })
    return null
  }
  return {
    since: clock(),
    claim(name) {
      if (claim(name, null)) throw new WalletError('request.replayed')
    },
    claimKey(name, call) {
      const hash = hashOf(call)
      const before = claim(name, hash)
      if (!before) return null
      if (!before.hash || !equalBytes(before.hash, hash) || !before.reply) {
        throw new WalletError('request.replayed')
      }
      return before.reply
    },
    release(name) {
      known.delete(name)
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

function hashOf({ method, path, body }: RelayedCall): Bytes {
  return sha256(utf8(JSON.stringify([method, path, [...sha256(body)]])))
}
