import { browser } from './browser.ts'

/** The host our own requests come from, as rules name it: the id in Chrome, another name in Firefox. */
export function ownHost(): string {
  return new URL(browser.runtime.getURL('')).host
}
