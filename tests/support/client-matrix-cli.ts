/* eslint-disable no-console -- a command line prints */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { KeyId, ProviderId } from '@valetkey/wallet/protocol'
import { startAppServer } from './app-server.ts'
import { PROVIDER_OF, matrixTerms, runClientMatrix, type MatrixRow } from './client-matrix.ts'
import { launch } from './driver.ts'
import { startFakeProviders } from './fake-providers.ts'
import { createTestKey } from './test-keys.ts'

const ORIGIN = 'https://app.example.test'

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    extension: { type: 'string', default: process.env['VALETKEY_EXTENSION'] ?? '' },
    client: { type: 'string', multiple: true },
    headed: { type: 'boolean', default: false },
  },
})
const rows = await runMatrix()
for (const row of rows) console.log(lineOf(row))
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(rows, null, 2))
const failed = rows.filter(({ ok }) => !ok).length
console.log(`${rows.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 && rows.length > 0 ? 0 : 1

async function runMatrix(): Promise<readonly MatrixRow[]> {
  const keys = [...new Set(Object.values(PROVIDER_OF))].map(
    (provider) => [provider, createTestKey(provider, 'clients')] as const,
  )
  const fakes = await startFakeProviders({
    keys: Object.fromEntries(keys.map(([provider, key]) => [provider, [key]])),
  })
  const apps = await startAppServer()
  const driver = await launch({
    extensionDir: values.extension,
    hostMap: { ...fakes.hostMap, ...apps.hostMap },
    headless: !values.headed,
  })
  try {
    await driver.createVault('correct horse battery staple')
    const keyIds = new Map<ProviderId, KeyId>()
    for (const [provider, key] of keys) keyIds.set(provider, await driver.addKey(provider, key))
    await driver.switchOnSite(ORIGIN, matrixTerms(keyIds))
    const matrix = await runClientMatrix({
      driver,
      fakes,
      pageUrl: `${ORIGIN}/clients`,
      ...(values.client ? { clients: values.client } : {}),
    })
    const findings = await driver.canarySweep(keys.map(([, key]) => key))
    const leaks = findings.map(({ place }) => place)
    const sweep = {
      client: 'canary sweep',
      version: '',
      case: 'after all',
      ok: leaks.length === 0,
      note: leaks.join('; '),
    }
    return [...matrix, sweep]
  } finally {
    await driver.close()
    await apps.close()
    await fakes.close()
  }
}

function lineOf({ client, version, case: name, ok, note }: MatrixRow): string {
  const mark = ok ? 'ok  ' : 'FAIL'
  return `${mark} ${client.padEnd(25)} ${version.padEnd(20)} ${name.padEnd(28)} ${note}`
}
