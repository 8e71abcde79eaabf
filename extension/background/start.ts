/** What runs when the worker starts: listeners first, then what a former life left behind. */
import { browser, type Runtime } from '../adapters/browser.ts'
import { onDirectChannel } from '../adapters/direct-channels.ts'
import { openSelectionWindow } from '../adapters/consent-window.ts'
import { LOCK_ALARM, setLockAlarm } from '../adapters/lock-alarm.ts'
import { onNotificationClick } from '../adapters/notifications.ts'
import { createOffscreenDocument } from '../adapters/offscreen-document.ts'
import { resetRules } from '../adapters/origin-rule.ts'
import { closeStorageToContentScripts } from '../adapters/settings-store.ts'
import { watchRequests } from '../adapters/request-watch.ts'
import { createSelectionMenu, onSelectionMenu } from '../adapters/selection-menu.ts'
import { sitePattern } from '../adapters/site-pattern.ts'
import { isTabShown, moveTab } from '../adapters/tabs.ts'
import { OFFSCREEN_PORT } from '../offscreen/messages.ts'
import { createWallet } from './compose.ts'
import { pauseAll } from './pause-all.ts'
import { LOCK_SETTINGS } from './chosen-protection.ts'
import { answerDashboard } from './dashboard-messages.ts'
import { doKeyChores } from './key-chores.ts'
import { lockPeriods, locksVault } from './protection.ts'
import { routeUiRequest } from './router.ts'
import { callerOf, dashboardOfSender, frameCallerOf, isOffscreen, isOwnWindow } from './sender.ts'
import { saveSelection } from './saved-selection.ts'
import type { Wallet } from './wallet.ts'

/** What pages' ports are called: of the shim, of an app of the SDK on such a site, and in our frame. */
const PAGE_PORTS: readonly string[] = ['page', 'app', 'frame']
/** Those of our own frame; the tab it stands in says for whom it speaks. */
const FRAME_PORTS: readonly string[] = ['frame', 'authorize']
/** In the browser's own menu, for marked text. */
const MENU_TITLE = 'Save key in ValetKey'

/** Runs at every start of the worker. Listeners are registered at once; they wait for `ready`. */
export function startBackground(): void {
  const offscreen = createOffscreenDocument()
  const wallet = createWallet(offscreen)
  const ready = reconcile(wallet)
  wallet.pages.waitFor(ready)

  browser.runtime.onConnect.addListener((port) => {
    if (port.name === OFFSCREEN_PORT) {
      if (isOffscreen(port.sender ?? {}, extensionOrigin())) offscreen.attach(port)
      return
    }
    acceptPage(port, wallet)
  })

  onDirectChannel((ticket, channel) => {
    wallet.pages.takeDirect(ticket, channel)
  })

  browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) =>
    answerMessage(message, sender, { wallet, ready }),
  )

  browser.permissions.onAdded.addListener(({ origins }) => {
    void ready.then(() => onPermission(origins ?? [], wallet))
    watchRequests((seen) => {
      void ready.then(() => wallet.inject.note(seen))
    })
    onNotificationClick(openApps)
  })
  browser.permissions.onRemoved.addListener(() => {
    void ready.then(() => onPermissionsRemoved(wallet))
  })
  browser.windows.onRemoved.addListener((windowId) => {
    void ready.then(() => onWindowClosed(windowId, wallet))
  })

  // Registered at once, or a request would not wake us.
  watchRequests((seen) => {
    void ready.then(() => wallet.inject.note(seen))
  })

  onNotificationClick(openApps)

  offerSelectionMenu({ wallet, ready })

  browser.commands.onCommand.addListener((command) => {
    if (command === 'pause-all') void ready.then(() => togglePause(wallet))
  })

  browser.runtime.onUpdateAvailable.addListener(() => {
    void ready.then(() => wallet.updates.install())
  })

  void watchIdle(wallet)
  browser.storage.local.onChanged.addListener((changes) => {
    if (LOCK_SETTINGS in changes) void watchIdle(wallet)
  })
  browser.idle.onStateChanged.addListener((state) => {
    void ready.then(() => onIdleState(state, wallet))
  })
  // No call waits for what is only tidied, nor for each dashboard's permission to be asked for.
  void ready.then(() => wallet.usageTrimming.trim()).catch(() => undefined)
  void ready.then(() => wallet.dashboardScripts.reconcile()).catch(() => undefined)
  void ready.then(() => wallet.resumeSync()).catch(() => undefined)
  setLockAlarm()
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === LOCK_ALARM) void ready.then(() => doMinuteChores(wallet))
  })
}

/** Ports of pages: of the bridge of a switched-on site, and of apps of the SDK. */
function acceptPage(port: Runtime.Port, { pages, serveAuthorize }: Wallet): void {
  const sender = port.sender ?? {}
  const isFramed = FRAME_PORTS.includes(port.name)
  const caller = isFramed
    ? frameCallerOf(sender, extensionOrigin())
    : callerOf(sender, browser.runtime.id)
  const door = { isFramed, isShown: () => isTabShown(sender.tab?.id) }
  const tabId = sender.tab?.id
  if (caller && tabId !== undefined && port.name === 'authorize') {
    const goTo = (url: string) => moveTab(tabId, url)
    serveAuthorize(port, { caller, isShown: door.isShown, goTo })
  } else if (!caller || !PAGE_PORTS.includes(port.name)) port.disconnect()
  else pages.accept(port, caller, port.name === 'page' ? null : door)
}

interface Started {
  readonly wallet: Wallet
  readonly ready: Promise<void>
}

/** Our own windows may ask for anything, our script on a dashboard may propose; nobody else is answered. */
function answerMessage(
  message: unknown,
  sender: Runtime.MessageSender,
  { wallet, ready }: Started,
): Promise<unknown> | undefined {
  if (isOwnWindow(sender, extensionOrigin())) {
    return ready.then(() => routeUiRequest(message, wallet))
  }
  const page = dashboardOfSender(sender, browser.runtime.id)
  return page ? ready.then(() => answerDashboard(message, page, wallet)) : undefined
}

function offerSelectionMenu({ wallet, ready }: Started): void {
  browser.runtime.onInstalled.addListener(() => void createSelectionMenu(MENU_TITLE))
  onSelectionMenu((marked) => {
    void ready.then(() => saveSelection(marked, wallet, openSelectionWindow))
  })
}

/**
 * Nothing is served before this: storage is closed to pages, old rules and holds are gone (F9, F17).
 * Each step stands alone: a full disk must not make the wallet mute. What could not be settled stays
 * held, which only ever errs towards having spent.
 */
async function reconcile(wallet: Wallet): Promise<void> {
  await Promise.allSettled([
    closeStorageToContentScripts(),
    resetRules(),
    wallet.ledger.reconcile(),
    wallet.consents.dropWaiting(),
    wallet.captures.dropOver(),
  ])
  // A browser restart drops registered scripts and ends the session; both are made true again.
  await Promise.allSettled([
    wallet.session.lockIfDue(),
    wallet.sites.reconcileScripts(),
    doKeyChores(wallet),
    wallet.settings.isPaused().then((paused) => {
      wallet.badge.setPaused(paused)
    }),
  ])
  // F17: rules outlive a restart of ours; only an unlocked vault brings them back.
  await wallet.inject.reconcile().catch(() => undefined)
}

/** The browser tells of a person who went away after the same time that a vault nobody uses stays open. */
async function watchIdle(wallet: Wallet): Promise<void> {
  const { idleMs } = lockPeriods(await wallet.lock.read())
  browser.idle.setDetectionInterval(idleMs / 1000)
}

async function onIdleState(state: string, wallet: Wallet): Promise<void> {
  if (locksVault(state, await wallet.lock.read())) await wallet.session.lock()
}

async function doMinuteChores(wallet: Wallet): Promise<void> {
  await wallet.session.lockIfDue()
  await wallet.captures.dropOver()
  await doKeyChores(wallet)
  // A grant may have ended.
  await wallet.inject.reconcile()
  await wallet.usageTrimming.trim()
  await wallet.deviceSync.lookIfDue()
}

/** The browser permission came: a grant that waited for it becomes active, a wish gets its consent window. */
async function onPermission(patterns: readonly string[], wallet: Wallet): Promise<void> {
  await wallet.dashboardScripts.follow(patterns).catch(() => undefined)
  for (const wish of await wallet.consents.siteWishes()) {
    if (patterns.includes(sitePattern(wish.origin))) await wallet.consents.show(wish.id)
  }
  const vault = await wallet.session.open()
  if (vault) await wallet.sites.activatePending(vault)
  await wallet.sites.reconcileScripts()
}

async function onPermissionsRemoved(wallet: Wallet): Promise<void> {
  await Promise.allSettled([
    wallet.sites.onPermissionsRemoved(),
    wallet.dashboardScripts.reconcile(),
    wallet.inject.reconcile(),
  ])
}

/** A consent window closed without an answer is a no; the permission is given back. */
async function onWindowClosed(windowId: number, wallet: Wallet): Promise<void> {
  const pending = await wallet.consents.findByWindow(windowId)
  if (!pending) return
  if (pending.kind === 'capture') return wallet.captures.discard(pending.id)
  if (pending.kind === 'site') await wallet.permissions.giveBack(pending.origin)
  await wallet.consents.settle(pending.id, 'deny')
  wallet.announceChange()
}

/** The keyboard's pause: everything stops, and goes on when it is pressed again. */
async function togglePause(wallet: Wallet): Promise<void> {
  await pauseAll(!(await wallet.settings.isPaused()), wallet)
  await wallet.inject.reconcile()
}

/** A notification was pressed: the dashboard says more. */
function openApps(): void {
  void browser.tabs.create({ url: browser.runtime.getURL('dashboard.html#apps') })
}

function extensionOrigin(): string {
  return new URL(browser.runtime.getURL('')).origin
}
