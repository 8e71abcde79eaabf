/**
 * How one process locks the wallet that another one serves: a count in the wallet's file. A process that
 * finds it grown wipes its keys and ends.
 */
import { parseJson } from '@valetkey/wallet/protocol'
import type { WalletFile } from './adapters/wallet-file.ts'

const NAME = 'locks'

export function readLocks(file: WalletFile): Promise<number> {
  return file.read((sql) => {
    const stored = sql('SELECT json FROM state WHERE name = ?').get(NAME)
    const count = parseJson(String(stored?.['json'] ?? '0'))
    // What cannot be read is no reason to go on as if nothing had been asked.
    return typeof count === 'number' ? count : Number.NaN
  })
}

export function signalLock(file: WalletFile): Promise<void> {
  return file.write((sql) => {
    sql(
      `INSERT INTO state (name, json) VALUES (?, '1')
       ON CONFLICT (name) DO UPDATE SET json = CAST(CAST(json AS INTEGER) + 1 AS TEXT)`,
    ).run(NAME)
  })
}
