import { UNIFIED_ORIGIN } from '../protocol/index.ts'

/** Whether an address is the one that stands for every provider. */
export function isUnified(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === UNIFIED_ORIGIN
}
