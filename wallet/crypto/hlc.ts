/** Hybrid logical clocks: 48-bit ms ‖ 16-bit counter, 16 lower-case hex digits that sort as text (formats §4). */
const MAX_HLC = 2n ** 64n - 1n

/** @throws TypeError for a time or counter that does not fit */
export function formatHlc(ms: number, counter: number): string {
  const fits = Number.isSafeInteger(ms) && ms >= 0 && ms < 2 ** 48
  if (!fits || !Number.isInteger(counter) || counter < 0 || counter > 0xffff) {
    throw new TypeError('not a hybrid logical clock')
  }
  return toText((BigInt(ms) << 16n) | BigInt(counter))
}

/**
 * A stamp later than `nowMs` began and than every stamp in `seen`, so that a clock set back never makes an
 * edit lose to the value it replaced. At the last possible stamp it stays there.
 */
export function nextHlc(nowMs: number, seen: readonly string[]): string {
  const latest = seen.reduce((later, stamp) => (stamp > later ? stamp : later), '')
  const now = formatHlc(nowMs, 0)
  if (now > latest) return now
  const next = BigInt(`0x${latest}`) + 1n
  return toText(next > MAX_HLC ? MAX_HLC : next)
}

function toText(value: bigint): string {
  return value.toString(16).padStart(16, '0')
}
