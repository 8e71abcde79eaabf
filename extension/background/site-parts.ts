import type { Clock, Random, SiteStatus } from '@valetkey/wallet/protocol'
import type { Ledger } from '@valetkey/wallet/metering'
import type { OpenVault } from '@valetkey/wallet/vault'
import { createDashboardScripts } from '../adapters/dashboard-scripts.ts'
import { createPageStorage } from '../adapters/page-storage.ts'
import type { SettingsStore } from '../adapters/settings-store.ts'
import { createSiteIndex } from '../adapters/site-index.ts'
import type { SitePermissions } from '../adapters/site-permissions.ts'
import { createSiteScripts } from '../adapters/site-scripts.ts'
import { createStoredValue } from '../adapters/stored-value.ts'
import { ConnectedApps } from './connected-apps.ts'
import { ForeignHosts, foreignHostsSchema } from './foreign-hosts.ts'
import { KeptKeys } from './kept-keys.ts'
import { usableKeys } from './key-ring.ts'
import type { KeyRemovals } from './key-removals.ts'
import { Sites } from './sites.ts'

interface SitePorts {
  readonly permissions: SitePermissions
  readonly settings: SettingsStore
  readonly ledger: Ledger
  readonly removals: KeyRemovals
  readonly clock: Clock
  readonly random: Random
  readonly onChange: (origin: string, status: SiteStatus) => void
}

/** What knows of sites: which are on, where they send their valet keys, which keys they keep. */
export function createSiteParts({ removals, ...ports }: SitePorts) {
  const foreignHosts = new ForeignHosts(
    createStoredValue('sites.foreign_hosts', foreignHostsSchema, {}),
  )
  const shared = {
    ...ports,
    index: createSiteIndex(),
    usableKeys: (vault: OpenVault) => usableKeys(vault, removals),
  }
  const sites = new Sites({ ...shared, foreignHosts, scripts: createSiteScripts() })
  const connectedApps = new ConnectedApps({ ...shared, sites })
  const dashboardScripts = createDashboardScripts()
  return {
    sites,
    connectedApps,
    foreignHosts,
    dashboardScripts,
    keptKeys: new KeptKeys(createPageStorage()),
  }
}
