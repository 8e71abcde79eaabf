import { randomBytes } from 'node:crypto'
import { sign } from '@valetkey/wallet/crypto/signing'
import {
  toBase64url,
  type Receipt,
  type ReceiptOutcome,
  type SignedReceipt,
} from '@valetkey/wallet/protocol'
import { receiptMessage } from '@valetkey/wallet/sync/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DATABASES, type TestDatabase } from '../testing/databases.ts'
import type { TestDevice } from '../testing/device.ts'
import { codeForm, getCode, makeClient, registered, sendForm } from '../testing/oauth.ts'
import { openTestServer, type TestServer } from '../testing/open-test-server.ts'
import { hashOfReceipt } from './receipts.ts'

const newId = () => toBase64url(Uint8Array.from(randomBytes(16)))
const FIRST = toBase64url(new Uint8Array(32))

describe.each(DATABASES)('receipts on %s', (_name, openDatabase) => {
  let database: TestDatabase
  let test: TestServer
  beforeAll(async () => {
    database = await openDatabase()
    test = await openTestServer(database.address)
  }, 30_000)
  afterAll(async () => {
    await test[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  /** An app with a person's token. */
  const linked = async () => {
    const owner = await registered(test)
    const person = await registered(test)
    const client = await makeClient(owner)
    const { code, verifier, stub } = await getCode(test, client, person)
    const given = await sendForm(test, '/oauth2/token', codeForm(code, verifier), { client })
    return { owner, person, client, grant: stub.grant, token: given.body.access_token }
  }
  /** As the relay writes down a call that went through. */
  const relayed = ({ person, client, grant }: Awaited<ReturnType<typeof linked>>): string => {
    const req = newId()
    test.server.relayLog.add({
      ...{ connection_id: grant, request_id: req, account_id: person.keys.accountId },
      ...{ client_id: client.clientId, at: test.server.clock(), ms: 20, status: 200 },
      ...{ bytes_in: 100, bytes_out: 900 },
    })
    return req
  }
  const receiptOf = (grant: string, req: string, changes: Partial<Receipt> = {}): Receipt => ({
    ...{ req, grant, n: 1, prev_hash: FIRST, provider: 'openai', model: 'gpt-4o-mini' },
    ...{ in: 12, out: 34, nano_usd: 5600, source: 'usage', status: 200, ...changes },
  })
  const signed = (
    device: TestDevice,
    receipt: Receipt,
    share: 'totals' | 'calls' = 'calls',
  ): SignedReceipt => {
    const sig = toBase64url(sign(device.device.seed, receiptMessage(receipt.grant, receipt)))
    return { receipt, share, sig }
  }
  const send = async (device: TestDevice, ...receipts: SignedReceipt[]) => {
    type Reply = { outcomes: { outcome: ReceiptOutcome }[] }
    const reply = await device.ask<Reply>('POST', '/v1/receipts', { receipts })
    return reply.body.data.outcomes.map(({ outcome }) => outcome)
  }
  const hashOf = ({ receipt, sig }: SignedReceipt) => hashOfReceipt({ ...receipt, sig })
  const seen = async (device: TestDevice) =>
    (await device.ask<{ calls: object[]; chains: object[] }>('GET', '/v1/usage/calls')).body.data

  it('are taken once for a call that was relayed, and show in the usage of both', async () => {
    const set = await linked()
    const { owner, person, client, grant } = set
    const [first, second] = [relayed(set), relayed(set)]
    const one = signed(person, receiptOf(grant, first))
    const two = signed(person, receiptOf(grant, second, { n: 2, prev_hash: hashOf(one) }), 'totals')

    expect(await send(person, one, two)).toEqual(['accepted', 'accepted'])
    expect(await send(person, one, two)).toEqual(['replayed', 'replayed'])
    const { calls, chains } = await seen(person)
    expect(calls).toHaveLength(2)
    expect(calls[0]).toMatchObject({ connectionId: grant, hasReceipt: true, bytesOut: 900 })
    expect(chains).toEqual([{ deviceId: person.device.id, n: 2, missing: 0 }])
    const rows = await person.ask<object[]>('GET', '/v1/usage')
    expect(rows.body.data).toHaveLength(2)
    expect(rows.body.data).toContainEqual(
      expect.objectContaining({ level: 'totals', model: null, nanoUsd: 5600 }),
    )
    const url = `/api/v1/oauth2/clients/${client.clientId}/usage`
    const today = new Date(test.server.clock()).toISOString().slice(0, 10)
    const figures = { requests: 2, failed: 0, bytesIn: 200, bytesOut: 1800 }
    const shared = { inputTokens: 24, outputTokens: 68, nanoUsd: 11_200 }
    const usage = await owner.ask<{ totals: object; daily: object[] }>('GET', url)
    expect(usage.body.data.totals).toEqual({ ...figures, ...shared })
    expect(usage.body.data.daily).toEqual([{ date: today, ...figures, ...shared }])
    // The owner of an app learns nothing of whose wallets these were.
    expect(JSON.stringify(usage.body)).not.toContain(grant)
    const before = await owner.ask<{ daily: object[] }>(
      'GET',
      `${url}?startDate=2020-01-01&endDate=2020-01-31`,
    )
    expect(before.body.data.daily).toEqual([])
    for (const query of [
      '?startDate=2020-02-01&endDate=2020-01-01',
      '?startDate=x',
      '?startDate=2020-01-01',
    ]) {
      expect((await owner.ask('GET', url + query)).status, query).toBe(400)
    }
    expect((await person.ask('GET', url)).status).toBe(404)
  })

  it('C92: are refused forged, for no call of this grant, for another’s, and out of their order', async () => {
    const set = await linked()
    const other = await linked()
    const { person, grant } = set
    const [first, second, third] = [relayed(set), relayed(set), relayed(set)]
    const one = signed(person, receiptOf(grant, first))

    const changed = { ...one, receipt: { ...one.receipt, nano_usd: 1 } }
    expect(await send(person, changed)).toEqual(['forged'])
    expect(await send(person, signed(other.person, receiptOf(grant, first)))).toEqual(['forged'])
    expect(await send(other.person, signed(other.person, receiptOf(grant, first)))).toEqual([
      'unknown',
    ])
    expect(await send(person, signed(person, receiptOf(grant, newId())))).toEqual(['unknown'])
    expect(await send(person, signed(person, receiptOf(other.grant, first)))).toEqual(['unknown'])
    expect(await send(person, one)).toEqual(['accepted'])
    const unchained = signed(person, receiptOf(grant, second, { n: 2 }))
    expect(await send(person, unchained)).toEqual(['broken'])
    const again = signed(person, receiptOf(grant, second, { n: 1 }))
    expect(await send(person, again)).toEqual(['replayed'])
    expect((await seen(other.person)).calls).toEqual([])
    // Two were made and kept back: what comes later says so.
    const late = signed(person, receiptOf(grant, third, { n: 4 }))
    expect(await send(person, late)).toEqual(['accepted'])
    const { chains, calls } = await seen(person)
    expect(chains).toEqual([{ deviceId: person.device.id, n: 4, missing: 2 }])
    expect(calls.filter((call) => (call as { hasReceipt: boolean }).hasReceipt)).toHaveLength(2)
  })

  it('C92: of many that send one receipt at once it counts once', async () => {
    const set = await linked()
    const one = signed(set.person, receiptOf(set.grant, relayed(set)))
    const all = await Promise.all(Array.from({ length: 5 }, () => send(set.person, one)))

    expect(all.flat().sort()).toEqual(['accepted', ...Array<string>(4).fill('replayed')])
    expect((await set.person.ask<object[]>('GET', '/v1/usage')).body.data).toHaveLength(1)
  })

  it('the relay writes down what it saw of a call, and how it ended', async () => {
    const set = await linked()
    const reply = await test.app.fastify.inject({
      ...{ method: 'POST', url: '/v1/proxy/chat/completions' },
      headers: { authorization: `Bearer ${set.token}`, 'content-type': 'application/json' },
      payload: '{"model":"a canary"}',
    })
    expect(reply.statusCode).toBe(503)
    const { calls } = await seen(set.person)
    expect(calls).toMatchObject([
      { connectionId: set.grant, clientId: set.client.clientId, status: 503, hasReceipt: false },
    ])
    const { queries } = test.server.database
    const stored = JSON.stringify(await queries.selectFrom('relay_log').selectAll().execute())
    expect(stored).not.toContain('canary')
  })
})
