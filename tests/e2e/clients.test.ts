import { describe, expect, it } from 'vitest'
import type { KeyId, ProviderId } from '@valetkey/wallet/protocol'
import { PROVIDER_OF, matrixTerms, runClientMatrix } from '../support/client-matrix.ts'
import { APP, PASSPHRASE, useWorld } from './world.ts'

const PROVIDERS = [...new Set(Object.values(PROVIDER_OF))]

describe('clients as they are published, with a valet key', () => {
  const world = useWorld('nothing', { providers: PROVIDERS })

  it('work as with a key: whole, streamed, stopped', async () => {
    const { driver, fakes, keys } = world
    await driver.createVault(PASSPHRASE)
    const keyIds = new Map<ProviderId, KeyId>()
    for (const provider of PROVIDERS) {
      keyIds.set(provider, await driver.addKey(provider, keys[provider]))
    }
    await driver.switchOnSite(APP, matrixTerms(keyIds))

    const rows = await runClientMatrix({ driver, fakes, pageUrl: `${APP}/clients` })

    expect(rows.filter(({ ok }) => !ok)).toEqual([])
    expect(rows.length).toBeGreaterThan(75)
  }, 300_000)
})
