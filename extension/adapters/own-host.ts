/** The host our own requests come from, as rules name it: the id in Chrome, another name in Firefox. */
export function ownHost(): string {
  return new URL(chrome.runtime.getURL('')).host
}
