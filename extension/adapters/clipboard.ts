import { browser } from './browser.ts'
import type { OffscreenDocument } from './offscreen-document.ts'

const PURPOSE = {
  reason: 'CLIPBOARD',
  justification: 'Takes a copied key off the clipboard after half a minute.',
} as const

/** The clipboard as the background can reach it: written to, never read. */
export interface Clipboard {
  /** Whether the browser lets us: an optional permission, asked with the setting (F21). */
  mayClear(): Promise<boolean>
  clear(): Promise<void>
}

export function createClipboard(document: OffscreenDocument): Clipboard {
  return {
    mayClear: () => browser.permissions.contains({ permissions: ['clipboardWrite'] }),
    async clear() {
      await document.run(PURPOSE, { type: 'clear-clipboard' })
    },
  }
}
