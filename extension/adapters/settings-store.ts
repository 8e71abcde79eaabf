import { browser } from './browser.ts'

/** Settings that are no secret, in `storage.local`. */
export interface SettingsStore {
  isPaused(): Promise<boolean>
  setPaused(paused: boolean): Promise<void>
}

const PAUSED = 'settings.paused'

/** Opens the settings in `storage.local`. */
export function createSettingsStore(): SettingsStore {
  return {
    isPaused: async () => (await browser.storage.local.get(PAUSED))[PAUSED] === true,
    setPaused: (paused) => browser.storage.local.set({ [PAUSED]: paused }),
  }
}

/** F9: content scripts read `storage.local` unless it is closed to them, at every start. */
export async function closeStorageToContentScripts(): Promise<void> {
  await chrome.storage.local.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' })
}
