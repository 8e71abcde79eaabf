import type { NoKeyReason } from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'
import type { Pending } from './consent-store.ts'

const WIDTH = 440
const HEIGHT = 680

/** Opens the consent window for a question. It is a window of ours: no page draws in or over it (C51). */
export function openConsentWindow(questionId: string, kind: Pending['kind']): Promise<number> {
  return openWindow(kind === 'capture' ? 'capture' : 'id', questionId)
}

/** The same window, with nothing to answer: why a selection holds no key to save. */
export function openSelectionWindow(reason: NoKeyReason): Promise<number> {
  return openWindow('selection', reason)
}

async function openWindow(name: string, value: string): Promise<number> {
  const url = `${browser.runtime.getURL('')}consent.html?${name}=${encodeURIComponent(value)}`
  const opened = await browser.windows.create({
    ...{ url, type: 'popup', width: WIDTH, height: HEIGHT, focused: true },
  })
  return opened.id ?? -1
}

/** Brings a consent window to the front; false when it is gone. */
export async function focusConsentWindow(windowId: number): Promise<boolean> {
  try {
    await browser.windows.update(windowId, { focused: true })
    return true
  } catch {
    return false
  }
}

export async function closeConsentWindow(windowId: number): Promise<void> {
  try {
    await browser.windows.remove(windowId)
  } catch {
    // The person closed it already.
  }
}
