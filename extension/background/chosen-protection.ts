import { USUAL_LOCK, lockSettingsSchema, vaultPhraseSchema } from '@valetkey/wallet/protocol'
import { kitMarkSchema } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import { createStoredValue } from '../adapters/stored-value.ts'

/** The name the lock settings are stored under: when they change, the idle time to watch for does too. */
export const LOCK_SETTINGS = 'protection.lock'

/** What the person chose about the vault, and may be read while it is locked. */
export function createChosenProtection() {
  return {
    keptKit: createStoredValue('protection.kit', z.nullable(kitMarkSchema), null),
    phrase: createStoredValue('protection.phrase', vaultPhraseSchema, ''),
    lock: createStoredValue(LOCK_SETTINGS, lockSettingsSchema, USUAL_LOCK),
  }
}
