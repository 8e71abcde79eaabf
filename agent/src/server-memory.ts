/** What the wallet's file says of its sync server. */
import type { StoredValue } from '@valetkey/wallet/protocol'
import {
  NEVER_SYNCED,
  ServerLink,
  chosenServerSchema,
  sessionInMemory,
  syncRecordSchema,
  type ChosenServer,
  type ServerLinkPorts,
  type SyncRecord,
} from '@valetkey/wallet/sync'
import { fetchServer } from './adapters/fetch-server.ts'
import { createFileValue } from './adapters/file-values.ts'
import type { WalletHome } from './wallet-home.ts'

export interface ServerMemory {
  /** Which one it is; null: none. */
  readonly chosen: StoredValue<ChosenServer | null>
  /** How the last sync ended. */
  readonly record: StoredValue<SyncRecord>
  /** This process's own: another one signs in for itself. */
  readonly sessions: ServerLinkPorts['sessions']
}

export function openServerMemory({ file }: Pick<WalletHome, 'file'>): ServerMemory {
  let sessions = sessionInMemory()
  return {
    chosen: createFileValue(file, 'sync.server', chosenServerSchema, null),
    record: createFileValue(file, 'sync.record', syncRecordSchema, NEVER_SYNCED),
    sessions: {
      read: () => sessions.read(),
      write: (token) => sessions.write(token),
      clear: () => Promise.resolve(void (sessions = sessionInMemory())),
    },
  }
}

/** For a step that needs no open vault. */
export function openServerLink(home: WalletHome, { chosen, sessions }: ServerMemory): ServerLink {
  const { clock, random } = home.vault
  return new ServerLink({
    ...{ chosen, sessions, clock, random },
    fetch: fetchServer,
    onChosen: () => undefined,
  })
}
