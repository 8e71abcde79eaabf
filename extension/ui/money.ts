import type { NanoUsd } from '@valetkey/wallet/protocol'
import { formatUsd, parseUsd } from '@valetkey/wallet/protocol'

const NANO_PER_CENT = 10_000_000

/**
 * Nano-USD as a person reads it: whole cents, rounded up, because a spend shown must never be less
 * than what was spent; amounts below a cent as `under $0.01`.
 */
export function moneyForPeople(nanoUsd: NanoUsd): string {
  if (nanoUsd > 0 && nanoUsd < NANO_PER_CENT) return 'under $0.01'
  const cents = Math.ceil(nanoUsd / NANO_PER_CENT)
  const whole = Math.floor(cents / 100).toLocaleString('en-US')
  return `$${whole}.${String(cents % 100).padStart(2, '0')}`
}

/**
 * Nano-USD of one call, which may be far less than a cent: rounded up at the second digit that says
 * something, at most to whole cents: `$0.00042`, `$0.036`, `$1.28`.
 */
export function preciseMoney(nanoUsd: NanoUsd): string {
  if (nanoUsd >= NANO_PER_CENT * 100 || nanoUsd === 0) return moneyForPeople(nanoUsd)
  const step = 10 ** Math.max(0, String(nanoUsd).length - 2)
  const rounded = Math.ceil(nanoUsd / step) * step
  return `$${formatUsd(rounded)}`
}

/** Nano-USD at a line of a chart: all of it, in as few digits as there are. */
export function moneyOnAxis(nanoUsd: NanoUsd): string {
  return `$${formatUsd(Math.round(nanoUsd))}`
}

/** A decimal string of dollars (`"5"`) as a person reads it (`"$5.00"`), cut to nothing it holds. */
export function dollarsForPeople(usd: string): string {
  const nanoUsd = parseUsd(usd)
  return nanoUsd % NANO_PER_CENT === 0 ? moneyForPeople(nanoUsd) : `$${usd}`
}

/** The most something can cost, in whole cents, rounded up: `"0.000015"` → `"$0.01"`. */
export function moneyAtMost(usd: string): string {
  return moneyForPeople(Math.ceil(parseUsd(usd) / NANO_PER_CENT) * NANO_PER_CENT)
}

/** How much of a limit is used, 0 to 1. A limit of nothing counts as used up. */
export function shareUsed(usedNanoUsd: NanoUsd, limitUsd: string): number {
  const limit = parseUsd(limitUsd)
  return limit === 0 ? 1 : Math.min(1, usedNanoUsd / limit)
}

/**
 * What a person typed as an amount (`"5"`, `"$5,00"`, `" 5.5 "`) → dollars as the protocol writes
 * them (`"5.00"`), or null when it is not an amount above nothing.
 */
export function readAmount(text: string): string | null {
  const plain = text
    .trim()
    .replace(/^\$\s*/, '')
    .replace(',', '.')
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(plain)) return null
  const [whole = '0', fraction = ''] = plain.split('.')
  const usd = `${String(Number(whole))}.${fraction.padEnd(2, '0')}`
  return parseUsd(usd) === 0 ? null : usd
}
