/** The process is killed before each of its writes in turn: what it said was done is done, and nothing is half done. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import { KNOWN_PASSPHRASE, createKnownVault, fastTestKdf } from '@valetkey/wallet/testing'
import { unlockVault } from '@valetkey/wallet/vault'
import { openWalletHome } from './wallet-home.ts'

const DIES = fileURLToPath(new URL('__fixtures__/die-at.ts', import.meta.url))
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

async function makeWallet(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'valetkey-agent-'))
  folders.push(folder)
  const home = openWalletHome(fastTestKdf, folder)
  await createKnownVault(home.vault)
  home.file.close()
  return folder
}

it('C87: a vault and a ledger are whole whichever write a kill comes before', async () => {
  const seen: string[] = []
  for (let count = 1; ; count++) {
    const folder = await makeWallet()
    const { stdout, signal, stderr } = spawnSync(
      process.execPath,
      [DIES, folder, String(count), KNOWN_PASSPHRASE],
      { encoding: 'utf8' },
    )
    const done = stdout.split('\n').filter(Boolean)
    expect(signal === 'SIGKILL' || done.at(-1) === 'settled', stderr).toBe(true)
    seen.push(done.map((line) => line.split(' ')[0]).join(' '))

    const home = openWalletHome(fastTestKdf, folder)
    const vault = await unlockVault(home.vault, KNOWN_PASSPHRASE)
    const { records, damaged } = await vault.listRecords('key')
    const labels = records.map(({ fields }) => fields.label).sort()
    expect(damaged).toEqual([])
    expect(labels).toEqual(
      done.some((line) => line.startsWith('added')) ? ['Late', 'Work'] : ['Work'],
    )
    expect(vault.epoch).toBe(done.includes('rotated') ? 2 : 1)
    const rows = await home.ledger.usage(5)
    const held = await home.ledger.reservations()
    const isSettled = done.includes('settled')
    expect([held.length, rows.length]).toEqual(
      isSettled ? [0, 1] : done.includes('reserved') ? [1, 0] : [0, 0],
    )
    // C65: what a killed process held is charged whole by the next one.
    const ledger = createLedger({ store: home.ledger, clock: home.vault.clock })
    expect((await ledger.reconcile()).map(({ ending }) => ending)).toEqual(held.map(() => 'lost'))
    home.file.close()
    if (signal === null) break
  }
  expect([...new Set(seen)]).toEqual([
    ...['', 'rotated', 'rotated added', 'rotated added reserved'],
    'rotated added reserved settled',
  ])
}, 120_000)
