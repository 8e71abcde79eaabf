import Dexie from 'dexie'
import { browser } from './browser.ts'
import { setLockAlarm } from './lock-alarm.ts'
import { resetRules } from './origin-rule.ts'

/** Everything the wallet leaves in the browser, removed one kind at a time. */
export interface BrowserTraces {
  /** Vault and ledger. */
  removeDatabases(): Promise<void>
  /** Site index, settings, the open vault's root key. */
  clearStorage(): Promise<void>
  /** The browser's own permission for every site that asked for one. */
  giveBackPermissions(): Promise<void>
  /** Page scripts, rules, alarms: what would still run. */
  removeHooks(): Promise<void>
}

export function createBrowserTraces(): BrowserTraces {
  return { removeDatabases, clearStorage, giveBackPermissions, removeHooks }
}

async function removeDatabases(): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    if (name !== undefined) await Dexie.delete(name)
  }
}

async function clearStorage(): Promise<void> {
  await Promise.all([browser.storage.local.clear(), browser.storage.session.clear()])
}

async function giveBackPermissions(): Promise<void> {
  const { origins = [] } = await browser.permissions.getAll()
  for (const origin of origins) {
    // A provider's own host belongs to the extension and cannot be given back.
    await browser.permissions.remove({ origins: [origin] }).catch(() => undefined)
  }
}

async function removeHooks(): Promise<void> {
  await browser.scripting.unregisterContentScripts()
  await resetRules()
  await browser.alarms.clearAll()
  // A vault made within this life of the worker locks by itself like any other.
  setLockAlarm()
}
