import { defaultTerms } from '@valetkey/wallet/grants'
import type { KeyId, ProviderId, Terms, UsageRow } from '@valetkey/wallet/protocol'
import type { Forward, ProxyPorts } from '@valetkey/wallet/proxy'
import { fastTestKdf } from '@valetkey/wallet/testing'
import { createVault, unlockVault } from '@valetkey/wallet/vault'
import { startAgent } from '../agent.ts'
import { changeClient, createClient } from '../clients.ts'
import { readLocks, signalLock } from '../lock-signal.ts'
import { addKey } from '../provider-keys.ts'
import { openWalletHome } from '../wallet-home.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

const PASSPHRASE = 'a quiet harbour at dawn'

export interface TestAgentOptions {
  readonly forward: Forward
  /** One key for each provider. */
  readonly keys: Readonly<Partial<Record<ProviderId, string>>>
  readonly ask?: ProxyPorts['ask']
  /** The folder of a wallet that is there, of another agent under test; absent: a new one. */
  readonly at?: string
}

/** A wallet of its own in a folder of its own, that serves; the KDF costs nothing. */
export interface TestAgent {
  readonly port: number
  readonly folder: string
  /** What was noted for the person. */
  readonly notes: readonly string[]
  readonly locked: Promise<void>
  /** Lets a client in: five dollars a month, chat, every key, but for what is changed. @returns its token */
  allow(name: string, changes?: Partial<Terms>): Promise<string>
  /** As another process does. */
  change(name: string, change: Parameters<typeof changeClient>[2]): Promise<void>
  /** As another process does. */
  lock(): Promise<void>
  usage(): Promise<readonly UsageRow[]>
  /** What is held for calls that still run. */
  held(): Promise<number>
  stop(): Promise<void>
}

export async function startTestAgent({
  forward,
  keys,
  ask = () => Promise.resolve('deny'),
  at,
}: TestAgentOptions): Promise<TestAgent> {
  const folder =
    at === undefined ? createTemporaryFolder() : { path: at, remove: () => Promise.resolve() }
  const home = openWalletHome(fastTestKdf, folder.path)
  /** Another process over the same file. */
  const other = openWalletHome(fastTestKdf, folder.path)
  const vault =
    at === undefined
      ? (await createVault(home.vault, PASSPHRASE)).vault
      : await unlockVault(home.vault, PASSPHRASE)
  const offered: { provider: ProviderId; keyId: KeyId }[] = []
  for (const [name, secret] of Object.entries(keys)) {
    const typed = { provider: name as ProviderId, baseUrl: null, label: name, secret }
    const { id, provider } = await addKey(vault, typed, home.vault)
    offered.push({ provider, keyId: id })
  }
  const notes: string[] = []
  const locks = await readLocks(home.file)
  const agent = await startAgent({
    ...{ home, vault, locks, forward, ask, port: 0 },
    note: (line) => notes.push(line),
  })
  const elsewhere = await unlockVault(other.vault, PASSPHRASE)
  return {
    ...{ port: agent.port, folder: folder.path, notes, locked: agent.locked },
    allow(name, changes) {
      const terms = defaultTerms({ now: home.vault.clock(), keys: offered })
      return createClient(elsewhere, { name, terms: { ...terms, ...changes } }, other.vault)
    },
    async change(name, change) {
      await changeClient(elsewhere, name, change)
    },
    lock: () => signalLock(other.file),
    usage: () => other.ledger.usage(100),
    held: async () => (await other.ledger.reservations()).length,
    async stop() {
      await agent.stop()
      home.file.close()
      other.file.close()
      await folder.remove()
    },
  }
}
