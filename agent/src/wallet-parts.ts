/** What an open wallet is made of: the way of a call, and this device at its sync server. */
import { createServerParts, type ServerParts } from '@valetkey/wallet/linked'
import { SharedLimits } from '@valetkey/wallet/metering'
import {
  ERROR_TABLE,
  isErrorCode,
  type RecordId,
  type StoredValue,
} from '@valetkey/wallet/protocol'
import type { SyncRecord } from '@valetkey/wallet/sync'
import type { ListedKey, OpenVault } from '@valetkey/wallet/vault'
import { fetchServer, openNoSocket, openSocket } from './adapters/fetch-server.ts'
import { createFileClaims } from './adapters/file-values.ts'
import { createCalls, type CallParts, type Calls } from './calls.ts'
import { listKeys } from './provider-keys.ts'
import { openServerMemory } from './server-memory.ts'

export interface WalletPartsOptions extends Omit<CallParts, 'limits'> {
  /** Whether this process is the one that serves, and so holds the device's socket. */
  readonly serves: boolean
  /** Records came from other devices. */
  readonly onChanged?: (changed: readonly RecordId[]) => Promise<void>
}

export interface WalletParts {
  readonly calls: Calls
  readonly server: ServerParts
  /** How the last sync ended. */
  readonly syncRecord: StoredValue<SyncRecord>
}

/** Nothing is sent by it: what syncs and serves begins with `server.resume`. */
export function createWalletParts(options: WalletPartsOptions): WalletParts {
  const { home, vault, serves, onChanged, note, ...around } = options
  const { clock, random } = home.vault
  const { chosen, record: syncRecord, sessions } = openServerMemory(home)
  const limits: SharedLimits = new SharedLimits({
    hasServer: async () => (await server.link.chosen()) !== null,
    readParts: async () => (await home.sync.readState()).parts ?? {},
    isMaker: async (grantId) => (await vault.readMaker(grantId)) === vault.deviceId,
    sync: () => server.deviceSync.run(),
    ledger: () => calls.ledger,
    clock,
  })
  const calls = createCalls({ home, vault, note, limits, ...around })
  const server: ServerParts = createServerParts({
    ...{ chosen, sessions, record: syncRecord },
    store: home.sync,
    fetch: fetchServer,
    openSocket: serves ? openSocket : openNoSocket,
    claims: createFileClaims(home.file),
    open: () => Promise.resolve(vault),
    proxy: calls.relayed,
    usableKeys,
    limits,
    // A process ends when it is told to, and not before.
    keepalive: { hold: () => () => undefined },
    ...{ clock, random },
    onEpoch() {
      note('Another device renewed this wallet’s keys. Key files have to be made anew.')
      return Promise.resolve()
    },
    onChanged: (_vault, changed) => onChanged?.(changed) ?? Promise.resolve(),
    onState: createProblemNote(syncRecord, note),
  })
  return { calls, server, syncRecord }
}

/** The keys a grant may name. */
export async function usableKeys(vault: OpenVault): Promise<ListedKey[]> {
  return (await listKeys(vault)).filter(({ fields }) => !fields.archived)
}

/** @param code kept by this version or another */
export function wordsFor(code: string): string {
  return isErrorCode(code) ? ERROR_TABLE[code].message : 'Something went wrong.'
}

/** Says once what keeps sync from being done, and once that it is over. */
function createProblemNote(
  record: StoredValue<SyncRecord>,
  note: (line: string) => void,
): () => void {
  let told: string | null = null
  const look = async (): Promise<void> => {
    const code = (await record.read()).problem?.code ?? null
    if (code === told) return
    told = code
    note(code === null ? 'Sync goes on.' : `Sync: ${wordsFor(code)} (${code})`)
  }
  return () => void look().catch(() => undefined)
}
