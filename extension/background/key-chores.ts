/** What keys need done besides what a person asks for: burials, reminders, a clean clipboard. */
import { createId, type Clock } from '@valetkey/wallet/protocol'
import * as z from 'zod/mini'
import type { Badge } from '../adapters/badge.ts'
import { createClipboard } from '../adapters/clipboard.ts'
import type { OffscreenDocument } from '../adapters/offscreen-document.ts'
import { createRemovalStore } from '../adapters/removal-store.ts'
import { createSessionMemory } from '../adapters/session-memory.ts'
import { Captures, candidateSchema } from './captures.ts'
import { ClipboardClearing } from './clipboard-clearing.ts'
import { ExpiryReminders, reminderStateSchema } from './expiry-reminders.ts'
import { KeyRemovals } from './key-removals.ts'
import { listKeys } from './key-ring.ts'
import type { Keepalive } from './keepalive.ts'
import { RevokedKeys, triedKeysSchema } from './revoked-keys.ts'
import type { VaultSession } from './vault-session.ts'
import type { Wallet } from './wallet.ts'

interface Surroundings extends Pick<Wallet, 'consents' | 'forward' | 'random' | 'announceChange'> {
  readonly clock: Clock
  readonly keepalive: Keepalive
  readonly session: VaultSession
  readonly badge: Badge
  readonly document: OffscreenDocument
}

/** The parts of the wallet that look after keys. */
export function createKeyParts(
  surroundings: Surroundings,
): Pick<Wallet, 'removals' | 'reminders' | 'clipboard' | 'captures' | 'revokedKeys'> {
  const { consents, forward, random, announceChange } = surroundings
  const { clock, keepalive, session, badge, document } = surroundings
  const removals = new KeyRemovals({
    store: createRemovalStore(),
    clock,
    openVault: () => session.openForChore(),
  })
  const reminders = new ExpiryReminders({
    clock,
    memory: createSessionMemory('keys.reminders', reminderStateSchema, { called: [], next: null }),
    call: (title) => {
      badge.call(title)
    },
  })
  const clipboard = new ClipboardClearing({
    clipboard: createClipboard(document),
    memory: createSessionMemory('clipboard.due', z.nullable(z.int()), null),
    ...{ clock, keepalive },
  })
  const captures = new Captures({
    memory: createSessionMemory('captures', z.array(candidateSchema), []),
    ...{ consents, clock, createId: () => createId(random) },
  })
  const revokedKeys = new RevokedKeys({
    memory: createSessionMemory('keys.tried', triedKeysSchema, {}),
    openVault: () => session.openForChore(),
    ...{ clock, forward, removals, announceChange },
  })
  return { removals, reminders, clipboard, captures, revokedKeys }
}

type KeyParts = Pick<Wallet, 'session' | 'removals' | 'reminders' | 'clipboard'>

/** Run at every start of the worker and every minute. One chore that fails stops no other. */
export async function doKeyChores(wallet: KeyParts): Promise<void> {
  const { session, removals, reminders, clipboard } = wallet
  await Promise.allSettled([
    removals.finishDue(),
    clipboard.clearIfDue(),
    reminders.lookIfDue(async () => {
      const vault = await session.openForChore()
      return vault && listKeys(vault, removals)
    }),
  ])
}
