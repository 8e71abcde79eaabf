import * as z from 'zod/mini'
import { WalletError } from './errors.ts'

/** An amount in nano-USD, 10⁻⁹ $: an integer, rounded up at every step (formats §1). */
export type NanoUsd = number

const NANO_PER_USD = 1_000_000_000
const DOLLARS = /^(\d{1,6})(?:\.(\d{1,9}))?$/

/** A decimal string of dollars, `"10.00"`, up to $999,999. */
export const usdSchema = z.string().check(z.regex(DOLLARS))

/**
 * `"10.00"` → 10_000_000_000.
 * @throws `request.invalid` for anything but a plain decimal number of at most nine decimals
 */
export function parseUsd(text: string): NanoUsd {
  const match = DOLLARS.exec(text)
  if (!match) throw new WalletError('request.invalid', { reason: 'amount' })
  const [, whole = '0', fraction = ''] = match
  return Number(whole) * NANO_PER_USD + Number(fraction.padEnd(9, '0'))
}

/** 10_000_000_000 → `"10.00"`; keeps what a cent cannot hold (`"0.000015"`), cuts nothing. */
export function formatUsd(nanoUsd: NanoUsd): string {
  const whole = Math.floor(nanoUsd / NANO_PER_USD)
  const fraction = String(nanoUsd % NANO_PER_USD)
    .padStart(9, '0')
    .replace(/0+$/, '')
    .padEnd(2, '0')
  return `${String(whole)}.${fraction}`
}
