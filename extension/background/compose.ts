/** The composition root: every part of the wallet is put together here, once a worker's life. */
import { grantOf } from '@valetkey/wallet/grants'
import { SharedLimits, createRateLimits } from '@valetkey/wallet/metering'
import {
  ERROR_TABLE,
  WalletError,
  createId,
  type KeyId,
  type Random,
  type RecordId,
} from '@valetkey/wallet/protocol'
import {
  forward,
  noteSeen,
  runCall,
  runSocket,
  type CallVault,
  type ProxyPorts,
  type SocketPorts,
} from '@valetkey/wallet/proxy'
import {
  createUnlockAttempts,
  type OpenVault,
  type VaultPorts,
  type VaultStore,
} from '@valetkey/wallet/vault'
import { createBadge } from '../adapters/badge.ts'
import { browser } from '../adapters/browser.ts'
import { readPending, writePending } from '../adapters/consent-store.ts'
import {
  closeConsentWindow,
  focusConsentWindow,
  openConsentWindow,
} from '../adapters/consent-window.ts'
import {
  VAULT_DATABASE,
  createDexieVaultStore,
  type DexieVaultStore,
} from '../adapters/dexie-vault-store.ts'
import type { OffscreenDocument } from '../adapters/offscreen-document.ts'
import { injectRuleStore } from '../adapters/inject-rule-store.ts'
import { mayWatchRequests } from '../adapters/request-watch.ts'
import { createOffscreenKdf } from '../adapters/offscreen-kdf.ts'
import { resetRules } from '../adapters/origin-rule.ts'
import { createSessionCache } from '../adapters/session-cache.ts'
import { createSessionMemory } from '../adapters/session-memory.ts'
import { createSocketDialler, holdsSocketPermission } from '../adapters/socket-dialler.ts'
import { createSettingsStore } from '../adapters/settings-store.ts'
import { readEnvironment } from '../adapters/environment.ts'
import { createSitePermissions } from '../adapters/site-permissions.ts'
import { createUnlockAttemptStore } from '../adapters/unlock-attempt-store.ts'
import { afterUnlock } from './after-unlock.ts'
import type { AppSurroundings } from './app-requests.ts'
import { connectApp } from './connect-app.ts'
import { Consents } from './consents.ts'
import { Denials, denialsSchema } from './denials.ts'
import type { DeviceSync } from '@valetkey/wallet/sync'
import { liveGrants } from './grants-of-sites.ts'
import { InjectLane } from './inject-lane.ts'
import { createKeyParts } from './key-chores.ts'
import type { KeyRemovals } from './key-removals.ts'
import { markRefused, openUsableKey, usableKeys } from './key-ring.ts'
import { createKeyTurns, keyTurnsSchema } from './key-turns.ts'
import { createAppNotices, openLedger } from './ledger-parts.ts'
import { createKeepalive, type Keepalive } from './keepalive.ts'
import { createLinking } from './linking-parts.ts'
import { PagePorts } from './page-ports.ts'
import { createChosenProtection } from './chosen-protection.ts'
import { Protection, lockPeriods } from './protection.ts'
import { createSiteParts } from './site-parts.ts'
import { createSyncParts } from './sync-parts.ts'
import { createTransferParts } from './transfer-parts.ts'
import { Updates } from './updates.ts'
import { createUsageTrimming } from './usage-parts.ts'
import { VaultSession } from './vault-session.ts'
import type { Wallet } from './wallet.ts'

const clock = (): number => Date.now()
/** What the badge says when it calls for it. */
const FOREIGN_HOST_NOTE = 'A site sent its valet key to a server that is not the provider.'

const random: Random = (sizeBytes) => crypto.getRandomValues(new Uint8Array(sizeBytes))

/** Puts the wallet together around the offscreen document, which derives and clears the clipboard. */
export function createWallet(document: OffscreenDocument): Wallet {
  const settings = createSettingsStore()
  const store = createDexieVaultStore(VAULT_DATABASE)
  const limits = createSharedLimits(store, () => wallet)
  const ledger = openLedger({ clock, limits }, (grantId) => {
    void wallet.appNotices.look(grantId).catch(() => undefined)
  })
  const badge = createBadge(clock)
  const permissions = createSitePermissions()
  const consents = createConsents(permissions)
  const vault: VaultPorts = {
    ...{ store: telling(store, () => wallet.deviceSync), clock, random },
    kdf: createOffscreenKdf(document),
  }
  const attempts = createUnlockAttempts({ store: createUnlockAttemptStore(), clock })
  const chosen = createChosenProtection()
  const session = new VaultSession({
    ...{ vault, attempts, clock },
    cache: createSessionCache(),
    periods: async () => lockPeriods(await chosen.lock.read()),
    onLock: () => {
      stopAll(wallet)
    },
  })
  const protection = new Protection({ vault, attempts, session, ...chosen })
  const keepalive = createKeepalive(clock, () => void browser.runtime.getPlatformInfo())
  const denials = new Denials(createSessionMemory('apps.denials', denialsSchema, {}), clock)
  const asking = { session, consents, denials, random }
  const around = { clock, keepalive, badge, document, forward, ...asking }
  const keyParts = createKeyParts({ ...around, announceChange })
  const { removals } = keyParts
  const siteParts = createSiteParts({
    ...{ permissions, settings, ledger, removals, clock, random },
    onChange: (origin, status) => {
      if (status !== 'on') {
        wallet.pages.abortCalls(origin, status === 'paused' ? 'grant.paused' : 'grant.revoked')
      }
      void wallet.pages.announce(origin)
    },
  })
  const appNotices = createAppNotices({ ledger, session, badge, clock, announceChange })
  const ports = proxyPorts({
    ...{ settings, ledger, badge, consents, session, removals, permissions, ...siteParts },
    appNotices,
  })
  const linking = createLinking(around, () => wallet)
  const pages = createPages({ ports, ...around, ...siteParts, ...linking })
  const inject = createInjectLane({ permissions, settings, ledger, session, removals })
  const updates = createUpdates({ keepalive, session })
  const syncParts = createSyncParts({
    ...{ vault, attempts, session, protection, keepalive, clock, random, announceChange },
    ...{ store: store.sync, environment: readEnvironment, limits },
    relayed: relayedPorts(ports, { session, removals }),
    usableKeys: (opened) => usableKeys(opened, removals),
    onChanged: (opened, changed) => followOtherDevices(opened, changed, wallet),
    onJoined: () => afterJoining(wallet),
  })
  const transferParts = createTransferParts({
    ...{ vault, attempts, keepalive, session, pages, removals },
  })
  const wallet: Wallet = {
    ...{ protection, lock: chosen.lock, usageTrimming: createUsageTrimming(ledger) },
    ...{ session, consents, pages, inject, ledger, settings, permissions, forward, badge },
    ...{ appNotices, clock, random, announceChange, updates },
    environment: readEnvironment,
    ...{ ...linking, ...keyParts, ...siteParts, ...transferParts, ...syncParts },
  }
  return wallet
}

function createUpdates({ keepalive, session }: Pick<PageParts, 'keepalive' | 'session'>): Updates {
  return new Updates({
    ...{ keepalive, announceChange },
    lock: () => session.lock(),
    restart: () => {
      browser.runtime.reload()
    },
  })
}

/** The rest of the wallet is there once a call asks. */
function createSharedLimits(store: DexieVaultStore, wallet: () => Wallet): SharedLimits {
  return new SharedLimits({
    hasServer: () => wallet().membership.hasServer(),
    readParts: async () => (await store.sync.readState()).parts ?? {},
    async isMaker(grantId) {
      const vault = await wallet().session.openForChore()
      return vault === null ? null : (await vault.readMaker(grantId)) === vault.deviceId
    },
    sync: () => wallet().deviceSync.run(),
    ledger: () => wallet().ledger,
    clock,
  })
}

function createConsents(permissions: Wallet['permissions']): Consents {
  return new Consents({
    ...{ readPending, writePending },
    openWindow: openConsentWindow,
    closeWindow: closeConsentWindow,
    focusWindow: focusConsentWindow,
    mayShow: (origin) => permissions.holds(origin),
  })
}

type PageParts = Pick<Wallet, 'sites' | 'connectedApps' | 'session' | 'consents'> & {
  readonly document: OffscreenDocument
  readonly keepalive: Keepalive
  readonly ports: ProxyPorts
  readonly denials: Denials
  readonly linkApp: AppSurroundings['linkApp']
}

/** The pages' way to the wallet, by calls and by sockets, and that of apps that ask to be connected. */
function createPages({ document, keepalive, ports, linkApp, ...parts }: PageParts): PagePorts {
  const { sites, connectedApps: apps, session, consents, denials } = parts
  const openVault = async (): Promise<OpenVault> => {
    const vault = await session.open()
    if (!vault) throw new WalletError('vault.locked')
    return vault
  }
  const socketPorts: SocketPorts = {
    ...ports,
    dial: createSocketDialler(document),
    mayDial: holdsSocketPermission,
  }
  return new PagePorts({
    runCall: (call, caller, signal) => runCall(call, caller, ports, signal),
    runSocket: (asked, caller, listener, signal) =>
      runSocket(asked, { caller, listener, signal, ports: socketPorts }),
    keepalive,
    openCalls: new Map(),
    createTicket: () => createId(random),
    siteStatus: (caller) => sites.status(caller),
    appStatus: async (caller) => apps.status(caller, (await session.openForChore()) === null),
    connectApp: (request, caller, asking) =>
      connectApp(request, caller, asking, { session, apps, consents, denials, random }),
    appUsage: async (grantRef, caller) => apps.usage(await openVault(), caller.origin, grantRef),
    disconnectApp: async (grantRef, caller) =>
      apps.disconnect(await openVault(), caller.origin, grantRef),
    linkApp,
    noteSeen: (seen, caller) => noteSeen(seen, caller, ports),
  })
}

/** Compatibility mode, with the grants and keys of the vault while it is open. */
function createInjectLane({
  session,
  removals,
  ...ports
}: Pick<Wallet, 'permissions' | 'settings' | 'ledger' | 'session' | 'removals'>): InjectLane {
  return new InjectLane({
    ...{ ...ports, clock, random },
    rules: injectRuleStore,
    mayWatch: mayWatchRequests,
    async openGrants() {
      const open = await session.openForChore()
      if (!open) return null
      const { records } = await open.listRecords('grant')
      return { grants: liveGrants(records), vault: callVault(open, removals) }
    },
  })
}

type ProxyParts = Pick<
  Wallet,
  | 'settings'
  | 'ledger'
  | 'badge'
  | 'consents'
  | 'session'
  | 'sites'
  | 'foreignHosts'
  | 'removals'
  | 'permissions'
  | 'appNotices'
>

function proxyPorts(parts: ProxyParts): ProxyPorts {
  const { settings, ledger, badge, consents, session, sites, foreignHosts } = parts
  const { removals, permissions, appNotices } = parts
  return {
    ...{ clock, random, ledger, forward },
    rateLimits: createRateLimits(),
    keyTurns: createKeyTurns(createSessionMemory('keys.turns', keyTurnsSchema, {})),
    noteKeyRefused(keyId, meaning) {
      if (meaning === 'refused') void noteRefusedKey(keyId, session).catch(() => undefined)
    },
    findSite: (caller, hash) => sites.find(caller, hash),
    async openVault() {
      const vault = await session.open()
      return vault && callVault(vault, removals)
    },
    mayReach: (origin) => permissions.holds(origin),
    isPaused: () => settings.isPaused(),
    ask: ({ requestId, origin, grant, signal, ...about }) =>
      consents.ask(
        {
          ...{ kind: 'call', id: requestId, origin, grantId: grant.id, terms: grant.terms },
          ...{ ...about, windowId: null },
        },
        signal,
      ),
    noteRefusal(caller, code, details) {
      sites.noteRefusal(caller.origin, code, details)
      badge.call(ERROR_TABLE[code].message)
      announceChange()
      // A part of a budget that is used up is no budget that is.
      if (details && 'window' in details && !('wholeUsd' in details)) {
        void appNotices.noteFull(caller.origin, details.window).catch(() => undefined)
      }
    },
    noteForeignHost(caller, host) {
      void foreignHosts.note(caller.origin, host).then((isNew) => {
        if (!isNew) return
        badge.call(FOREIGN_HOST_NOTE)
        announceChange()
      })
    },
    noteCall: () => {
      badge.blink()
    },
  }
}

/** A call no person sits before postpones no lock, and what is refused to it is told to its app alone. */
function relayedPorts(
  ports: ProxyPorts,
  { session, removals }: Pick<Wallet, 'session' | 'removals'>,
): ProxyPorts {
  return {
    ...ports,
    async openVault() {
      const vault = await session.openForChore()
      return vault && callVault(vault, removals)
    },
    noteRefusal: () => undefined,
    noteForeignHost: () => undefined,
  }
}

async function noteRefusedKey(keyId: KeyId, session: VaultSession): Promise<void> {
  const vault = await session.openForChore()
  if (!vault) return
  await markRefused(vault, keyId, clock)
  announceChange()
}

function callVault(vault: OpenVault, removals: KeyRemovals): CallVault {
  return {
    async readGrant(id) {
      const fields = await vault.readGrant(id)
      return fields && grantOf({ id, fields })
    },
    openKey: (keyId) => openUsableKey(vault, removals, keyId),
  }
}

/** A store that tells of every change written through it. */
function telling(store: VaultStore, sync: () => Pick<DeviceSync, 'soon'>): VaultStore {
  return {
    ...store,
    async commit(change) {
      await store.commit(change)
      sync().soon()
    },
  }
}

/** What other devices changed takes effect here as if it had been changed here. */
async function followOtherDevices(
  vault: OpenVault,
  changed: readonly RecordId[],
  { sites, inject, linkedApps }: Pick<Wallet, 'sites' | 'inject' | 'linkedApps'>,
): Promise<void> {
  await sites.follow(vault, changed)
  await linkedApps.follow(vault, changed)
  await inject.reconcile()
  announceChange()
}

async function afterJoining(wallet: Wallet): Promise<void> {
  const vault = await wallet.session.open()
  if (vault) void afterUnlock(vault, wallet)
  announceChange()
}

/** The vault was locked: nothing of it serves any call. */
function stopAll({ pages, inject, stopSync }: Pick<Wallet, 'pages' | 'inject' | 'stopSync'>): void {
  pages.abortCalls(undefined, 'vault.locked')
  void pages.announceToApps()
  inject.drop()
  stopSync()
  // C115: whatever rule stands goes with the lock, before the next call is served.
  pages.waitFor(Promise.allSettled([resetRules()]))
  announceChange()
}

/** Tells our open windows to fetch anew. Nobody listens while none is open. */
function announceChange(): void {
  void browser.runtime.sendMessage({ type: 'state-changed' }).catch(() => undefined)
}
