/** A wallet that serves: opened, with its endpoint, until it is stopped or locked. */
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import type { Forward, ProxyPorts } from '@valetkey/wallet/proxy'
import type { OpenVault } from '@valetkey/wallet/vault'
import type { RecordId } from '@valetkey/wallet/protocol'
import { AgentError } from './agent-error.ts'
import { claimPrivateFile } from './adapters/private-file.ts'
import { keepAtServer } from './at-server.ts'
import { listClients } from './clients.ts'
import { openEndpoint, type Endpoint } from './endpoint/endpoint.ts'
import { readLocks } from './lock-signal.ts'
import type { WalletHome } from './wallet-home.ts'
import { createWalletParts } from './wallet-parts.ts'

/** How soon a change by another process (a revocation, a lock) takes effect on what is running. */
const LOOK_MS = 250

export interface AgentOptions {
  readonly home: WalletHome
  readonly vault: OpenVault
  /** {@link readLocks} before the vault was opened: a lock meanwhile counts. */
  readonly locks: number
  readonly port: number
  readonly forward: Forward
  readonly ask: ProxyPorts['ask']
  readonly note: (line: string) => void
}

export interface Agent {
  readonly port: number
  /** Fulfilled once the wallet was locked from elsewhere, and nothing of it serves. */
  readonly locked: Promise<void>
  /** Ends every call, and locks. */
  stop(): Promise<void>
}

/**
 * Serves an open wallet. What an earlier process left unfinished is charged whole first (C65).
 * @throws AgentError while another process serves it, or the port is taken
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { home, vault, locks, port, note } = options
  const release = claimServing(home.folder)
  let endpoint: Endpoint
  const parts = createWalletParts({
    ...{ home, vault, note, forward: options.forward, ask: options.ask, serves: true },
    onChanged: (changed) => follow(changed),
  })
  const { calls } = parts
  try {
    const lost = await calls.ledger.reconcile()
    if (lost.length > 0) note(`${lost.length} calls of before were charged at their bound.`)
    const clients = () => listClients(vault)
    endpoint = await openEndpoint({ calls, clients, clock: home.vault.clock }, port)
  } catch (error) {
    vault.wipe()
    release()
    throw isTaken(error) ? new AgentError(`Port ${port} is taken.`) : error
  }
  const served = endpoint
  const atServer = keepAtServer(home, vault, parts)
  const follow = async (changed: readonly RecordId[]): Promise<void> => {
    await served.review()
    await atServer.follow(changed)
  }
  let stopping: Promise<void> | null = null
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      clearInterval(timer)
      try {
        await Promise.all([served.close(), atServer.stop()])
      } finally {
        vault.wipe()
        release()
      }
    })())
  let onLocked: (done: Promise<void>) => void
  const locked = new Promise<void>((resolve) => {
    onLocked = resolve
  })
  let seen = home.file.version()
  const look = async (): Promise<void> => {
    if (home.file.version() === seen) return
    seen = home.file.version()
    if ((await readLocks(home.file)) !== locks) onLocked(stop())
    else await Promise.all([served.review(), atServer.followAll()])
  }
  const timer = setInterval(() => {
    // A wallet that cannot be looked at any more serves nobody.
    void look().catch(() => {
      onLocked(stop())
    })
  }, LOOK_MS)
  return { port: served.port, locked, stop }
}

/**
 * One process serves a wallet: another one would charge the running calls of this one as lost. The claim
 * is a lock of the system's, which ends with its process.
 */
export function claimServing(folder: string): () => void {
  const path = join(folder, 'serving.db')
  claimPrivateFile(path)
  const claim = new DatabaseSync(path)
  try {
    claim.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (cause) {
    claim.close()
    throw new AgentError('Another process serves this wallet already.', { cause })
  }
  return () => {
    claim.close()
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
