/** Compatibility mode: the browser's rules follow grants and lock, and what it adds keys to is counted. */
import { grantState } from '@valetkey/wallet/grants'
import type { Ledger } from '@valetkey/wallet/metering'
import {
  createId,
  createTurns,
  type Clock,
  type Grant,
  type Random,
  type RequestId,
} from '@valetkey/wallet/protocol'
import {
  estimateInjected,
  injectRules,
  ruleOf,
  type CallVault,
  type InjectRule,
} from '@valetkey/wallet/proxy'
import type { InjectRuleStore } from '../adapters/inject-rule-store.ts'
import type { SeenRequest } from '../adapters/request-watch.ts'
import type { SettingsStore } from '../adapters/settings-store.ts'
import type { SitePermissions } from '../adapters/site-permissions.ts'

interface InjectPorts {
  readonly rules: InjectRuleStore
  /** Whether the browser tells us of requests: without it nothing could be counted. */
  readonly mayWatch: () => Promise<boolean>
  /** Null while the vault is locked. Not a use of it. */
  readonly openGrants: () => Promise<{
    readonly grants: readonly Grant[]
    readonly vault: CallVault
  } | null>
  readonly permissions: SitePermissions
  readonly settings: Pick<SettingsStore, 'isPaused'>
  readonly ledger: Ledger
  readonly clock: Clock
  readonly random: Random
}

export class InjectLane {
  readonly #ports: InjectPorts
  #active: readonly InjectRule[] = []
  /** Raised by each lock: what was read before it must not be installed after it. */
  #generation = 0
  readonly #alone = createTurns()

  constructor(ports: InjectPorts) {
    this.#ports = ports
  }

  mayWatch(): Promise<boolean> {
    return this.#ports.mayWatch()
  }

  /** Makes the rules what grants, permissions and lock say now. One after the other. */
  reconcile(): Promise<void> {
    return this.#alone(() => this.#reconcile())
  }

  /** The vault is locked: whoever locked it drops the rules; none under way may come back (C115). */
  drop(): void {
    this.#generation += 1
    this.#active = []
  }

  /** Counts a request that a rule added a key to. */
  async note({ origin, method, url, bodyText }: SeenRequest): Promise<void> {
    const rule = ruleOf(this.#active, { origin, method, url })
    if (!rule) return
    const { ledger, clock, random } = this.#ports
    const { grant, keyId, provider, endpoint } = rule
    const { capability } = endpoint
    await ledger.recordInjected({
      ...{ requestId: createId<RequestId>(random), grantId: grant.id, keyId, provider },
      capability: capability === 'models' || capability === 'tokens' ? null : capability,
      ...estimateInjected(rule, { url, bodyText, at: clock() }),
    })
  }

  async #reconcile(): Promise<void> {
    const generation = this.#generation
    const wanted = await this.#wanted()
    const isCurrent = (): boolean => generation === this.#generation
    if (!isCurrent()) return
    await this.#ports.rules.replace(wanted, isCurrent)
    if (isCurrent()) this.#active = wanted
  }

  async #wanted(): Promise<readonly InjectRule[]> {
    const { openGrants, settings, mayWatch, permissions, clock } = this.#ports
    const opened = await openGrants()
    if (!opened || (await settings.isPaused()) || !(await mayWatch())) return []
    const rules: InjectRule[] = []
    for (const grant of opened.grants) {
      const { subject, terms } = grant
      if (terms.lane !== 'inject' || grantState(grant, clock()) !== 'active') continue
      if (!('origin' in subject) || !(await permissions.holds(subject.origin))) continue
      // Terms this mode cannot keep, however they came here, add no key to anything.
      rules.push(...(await injectRules(grant, opened.vault).catch(() => [])))
    }
    return rules
  }
}
