import { settingsSchema, type Settings } from '@valetkey/wallet/protocol'
import { browser } from './browser.ts'
import { keepValue } from './kept-value.ts'
import { onStored } from './on-stored.ts'

/** Settings that are no secret, in `storage.local`. */
export interface SettingsStore {
  isPaused(): Promise<boolean>
  setPaused(paused: boolean): Promise<void>
  read(): Promise<Settings>
  write(settings: Settings): Promise<void>
}

const PAUSED = 'settings.paused'
const CHOSEN = 'settings.chosen'

/** As they are before the person decides anything (security §5). */
const INITIAL: Settings = { revealKeys: false }

/** Opens the settings in `storage.local`. Whether all is paused is asked by every call, and kept. */
export function createSettingsStore(): SettingsStore {
  const paused = keepValue(
    async () => (await browser.storage.local.get(PAUSED))[PAUSED] === true,
    (next) => browser.storage.local.set({ [PAUSED]: next }),
  )
  onStored('local', PAUSED, paused.forget)
  return {
    isPaused: paused.read,
    setPaused: paused.write,
    read,
    write: (settings) => browser.storage.local.set({ [CHOSEN]: settings }),
  }
}

async function read(): Promise<Settings> {
  const parsed = settingsSchema.safeParse((await browser.storage.local.get(CHOSEN))[CHOSEN])
  return parsed.success ? parsed.data : INITIAL
}

/** F9: content scripts read `storage.local` unless it is closed to them, at every start. */
export async function closeStorageToContentScripts(): Promise<void> {
  // Firefox cannot close it: what lies there is no secret (decision 0012).
  if (!('setAccessLevel' in chrome.storage.local)) return
  await chrome.storage.local.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' })
}
