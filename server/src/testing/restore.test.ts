import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openSqliteFile } from './databases.ts'
import { rowOf, hashOfHead } from './device.ts'
import { openTestServer } from './open-test-server.ts'

const ADMIN = fileURLToPath(new URL('../admin.ts', import.meta.url))

function admin(database: string, ...words: string[]): unknown {
  const args = ['--disable-warning=ExperimentalWarning', ADMIN, ...words]
  const env = { ...process.env, VALETKEY_DATABASE: database }
  return JSON.parse(execFileSync(process.execPath, args, { env }).toString())
}

it('comes back from a copy made while it ran, and devices see that it is older', async () => {
  await using folder = await openSqliteFile()
  const copy = `${folder.address}.copy`
  const restored = `${folder.address}.restored`
  let device
  {
    await using test = await openTestServer(folder.address)
    device = test.newDevice()
    await device.register([rowOf({ writer: device.device.id })])
    await device.push([rowOf({ writer: device.device.id })])
    expect(admin(folder.address, 'backup', copy)).toMatchObject({ file: copy })
    await device.push([rowOf({ writer: device.device.id })])
    await device.pull()
  }
  const newest = device.headText ? hashOfHead(device.headText) : ''
  copyFileSync(copy, restored)
  expect(admin(restored, 'health')).toEqual({ database: 'sqlite', status: 'ok' })
  expect(admin(restored, 'counts')).toMatchObject({ accounts: 1, devices: 1, rows: 2 })
  expect(admin(restored, 'storage')).toEqual({ envelopeBytes: 680, largestAccountBytes: 680 })
  admin(restored, 'restored')

  await using test = await openTestServer(restored)
  const again = test.newDevice({ keys: device.keys, device: device.device })
  expect((await again.login()).status).toBe(200)
  again.cursor = device.cursor
  expect((await again.pull()).status).toBe(410)
  again.cursor = undefined
  expect(await again.pull()).toMatchObject({ status: 200, rootHolds: true })
  // Two pushes are there, and the third is not: the device knows a head the server does not.
  expect([again.head?.seq, again.rows.size]).toEqual([2, 2])
  expect(again.headText && hashOfHead(again.headText)).not.toBe(newest)
  // What it has stored holds the magic of envelopes, and nothing of them in clear can be looked for.
  expect(readFileSync(copy).includes('VLTK')).toBe(true)
}, 30_000)
