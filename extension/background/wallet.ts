/** What handlers work with: the parts of the wallet, put together once by `start`. */
import type {
  Clock,
  LockSettings,
  Random,
  StoredValue,
  UiMethod,
  UiParams,
  UiResult,
} from '@valetkey/wallet/protocol'
import type { Ledger } from '@valetkey/wallet/metering'
import type { Forward } from '@valetkey/wallet/proxy'
import type { ReadEnvironment } from '../adapters/environment.ts'
import type { DashboardScripts } from '../adapters/dashboard-scripts.ts'
import type { Badge } from '../adapters/badge.ts'
import type { SettingsStore } from '../adapters/settings-store.ts'
import type { SitePermissions } from '../adapters/site-permissions.ts'
import type { AppNotices } from './app-notices.ts'
import type { Backups } from './backups.ts'
import type { Captures } from './captures.ts'
import type { ClipboardClearing } from './clipboard-clearing.ts'
import type { ConnectedApps } from './connected-apps.ts'
import type { LinkedApps } from '@valetkey/wallet/linked'
import type { DeviceSync, ServerLink } from '@valetkey/wallet/sync'
import type { Consents } from './consents.ts'
import type { Erasure } from './erasure.ts'
import type { ForeignHosts } from './foreign-hosts.ts'
import type { Devices } from './devices.ts'
import type { ExpiryReminders } from './expiry-reminders.ts'
import type { KeptKeys } from './kept-keys.ts'
import type { InjectLane } from './inject-lane.ts'
import type { KeyRemovals } from './key-removals.ts'
import type { KitRecovery } from './kit-recovery.ts'
import type { Membership } from './membership.ts'
import type { ServerPage } from './authorize-page.ts'
import type { MessagePortLike, PagePorts } from './page-ports.ts'
import type { Pairing } from './pairing.ts'
import type { Protection } from './protection.ts'
import type { RevokedKeys } from './revoked-keys.ts'
import type { Sites } from './sites.ts'
import type { Updates } from './updates.ts'
import type { UsageTrimming } from './usage-retention.ts'
import type { VaultSession } from './vault-session.ts'

export interface Wallet {
  readonly session: VaultSession
  readonly protection: Protection
  /** When the vault locks by itself. */
  readonly lock: StoredValue<LockSettings>
  readonly sites: Sites
  readonly connectedApps: ConnectedApps
  readonly linkedApps: LinkedApps
  readonly serverLink: Pick<ServerLink, 'chosen' | 'client' | 'device'>
  /** The keys that an app's own site names. */
  readonly readAppKeys: (origin: string) => Promise<readonly string[]>
  /** An app's server may call the moment it hears of its grant: until then the socket is there, within reason. */
  readonly untilServed: () => Promise<void>
  /** A program's code that was typed, see `device-code.ts`. */
  readonly allowByCode: (code: string) => Promise<'allowed' | 'denied' | 'unanswered'>
  /** A server's page of OAuth, with our frame in it. */
  readonly serveAuthorize: (port: MessagePortLike, page: ServerPage) => void
  /** Compatibility mode. */
  readonly inject: InjectLane
  readonly foreignHosts: ForeignHosts
  readonly dashboardScripts: DashboardScripts
  readonly keptKeys: KeptKeys
  /** What the person should know of an app: a limit that is near, spending that is not its habit. */
  readonly appNotices: AppNotices
  readonly consents: Consents
  /** Keys that wait to be confirmed. */
  readonly captures: Captures
  readonly revokedKeys: RevokedKeys
  readonly pages: PagePorts
  readonly updates: Updates
  readonly ledger: Ledger
  readonly usageTrimming: UsageTrimming
  readonly settings: SettingsStore
  readonly permissions: SitePermissions
  readonly forward: Forward
  /** What the browser says of itself and of us. */
  readonly environment: ReadEnvironment
  readonly badge: Badge
  readonly removals: KeyRemovals
  readonly reminders: ExpiryReminders
  readonly clipboard: ClipboardClearing
  readonly backups: Backups
  readonly deviceSync: DeviceSync
  readonly devices: Devices
  /** How the vault comes to its server, and this browser to a vault. */
  readonly membership: Membership
  readonly kitRecovery: KitRecovery
  readonly pairing: Pairing
  /** After an unlock, and when the worker starts with an open vault. */
  readonly resumeSync: () => Promise<void>
  /** The vault was locked: nothing of the device's keys stays. */
  readonly stopSync: () => void
  readonly erasure: Erasure
  readonly clock: Clock
  readonly random: Random
  /** Our open windows fetch anew. */
  readonly announceChange: () => void
}

/** Serves one method of `UI_METHODS`. */
export type UiHandler<M extends UiMethod> = (
  params: UiParams<M>,
  wallet: Wallet,
) => Promise<UiResult<M>>
