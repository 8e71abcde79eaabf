/** Sizes and times both ends of a page port keep to (formats §8). */
export const PAGE_PROTOCOL_VERSION = 1
/** Bytes the background may send before the page grants more. */
export const CREDIT_BYTES = 1024 * 1024
export const BODY_LIMIT_BYTES = 64 * 1024 * 1024
export const REPLY_LIMIT_BYTES = 1024 * 1024 * 1024
export const GAP_LIMIT_MS = 10 * 60_000
export const CALL_LIMIT_MS = 60 * 60_000
export const PORTS_PER_ORIGIN = 64
export const CALLS_PER_ORIGIN = 32
export const CONSENT_TIMEOUT_MS = 120_000
/** The largest frame a socket carries, either way. */
export const SOCKET_FRAME_LIMIT_BYTES = 16 * 1024 * 1024
/** What a page may have handed over and the network not yet taken: beyond it the socket is closed. */
export const SOCKET_QUEUE_LIMIT_BYTES = 64 * 1024 * 1024
/** How long an opening handshake may take; its rule is removed then at the latest (C115). */
export const SOCKET_HANDSHAKE_LIMIT_MS = 10_000
/** A consent window takes no answer before it had the focus this long (C54). */
export const CONSENT_ARMING_MS = 600
/** A key that ends within this time is announced: a week is enough to make a new one and replace it. */
export const EXPIRY_NOTICE_MS = 7 * 24 * 60 * 60_000
/** The shortest passphrase a vault takes, in characters (security §1). */
export const PASSPHRASE_MIN_LENGTH = 12
/** The largest backup that is read, or written: nobody's vault comes near it. */
export const BACKUP_LIMIT_BYTES = 32 * 1024 * 1024
