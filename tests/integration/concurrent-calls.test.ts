import 'fake-indexeddb/auto'
import { createDexieLedgerStore } from '@valetkey/extension/adapters/dexie-ledger-store.ts'
import { defaultTerms } from '@valetkey/wallet/grants'
import { createLedger, createRateLimits, type LedgerStore } from '@valetkey/wallet/metering'
import { runCall, type ProxyPorts } from '@valetkey/wallet/proxy'
import {
  createId,
  createValetKey,
  type Grant,
  type GrantId,
  type KeyId,
  type ProviderKey,
} from '@valetkey/wallet/protocol'
import { createFakeClock, createSeededRandom } from '@valetkey/wallet/testing'
import { describe, expect, it } from 'vitest'
import { createTestKey } from '../support/test-keys.ts'

const RUNS = 50
const CALLS = 200
const FIT = 3
/** For each of its calls, in tokens of 0.60 $ a million. */
const OUTPUT_TOKENS = 1000
const APP = { origin: 'https://app.example.test', incognito: false }
const random = createSeededRandom('concurrent calls')
const valetKey = createValetKey('sk-48', random)
const secret = createTestKey('openai', 'concurrent') as ProviderKey
const keyId = createId<KeyId>(random)
const clock = createFakeClock().now

/** Two thirds of a thousandth of a dollar a call: three fit under 0.0020, and no fourth. */
const BUDGET = '0.0020'

function grantOf(): Grant {
  const now = clock()
  return {
    id: createId<GrantId>(random),
    subject: { origin: APP.origin },
    status: 'active',
    terms: {
      ...defaultTerms({ now, keys: [{ provider: 'openai', keyId }] }),
      budgets: [{ usd: BUDGET, window: 'day' }],
      limits: { perMinute: 10_000, parallel: 10_000, maxOutputTokens: OUTPUT_TOKENS },
    },
    createdAt: now,
  }
}

/** One wallet; its provider answers nothing before it is told to. */
function walletOver(store: LedgerStore, grant: Grant, onSent: () => void) {
  let sent = 0
  const end: (() => void)[] = []
  const ports: ProxyPorts = {
    ...{ clock, random, rateLimits: createRateLimits() },
    ledger: createLedger({ store, clock }),
    forward: () => {
      sent += 1
      return new Promise((resolve) => {
        end.push(() => {
          resolve(Response.json(REPLY))
        })
        onSent()
      })
    },
    findSite: () => Promise.resolve({ grantId: grant.id, provider: 'openai' }),
    openVault: () =>
      Promise.resolve({
        readGrant: () => Promise.resolve(grant),
        openKey: () => Promise.resolve({ keyId, provider: 'openai', secret, baseUrl: null }),
      }),
    mayReach: () => Promise.resolve(false),
    isPaused: () => Promise.resolve(false),
    ask: () => Promise.resolve('deny'),
    noteRefusal: () => undefined,
    noteForeignHost: () => undefined,
    noteCall: () => undefined,
    noteKeyRefused: () => undefined,
    keyTurns: { read: () => Promise.resolve(null), write: () => undefined },
  }
  return { ports, sent: () => sent, end }
}

const REPLY = {
  id: 'c1',
  choices: [{ message: { content: 'Hello' } }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
}
const BODY = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }

function callOnce(ports: ProxyPorts) {
  const call = {
    method: 'POST',
    url: 'https://api.openai.com/v1/chat/completions',
    headers: [['content-type', 'application/json'] as const],
    body: { kind: 'text', text: JSON.stringify(BODY) } as const,
    credential: { valetKey },
  }
  return runCall(call, APP, ports, new AbortController().signal)
}

describe('200 calls at once against a budget that fits three (C66)', () => {
  it(`sends exactly three in each of ${RUNS} runs`, { timeout: 120_000 }, async () => {
    const sentInRuns: number[] = []
    for (let run = 0; run < RUNS; run++) {
      const grant = grantOf()
      const store = createDexieLedgerStore(`concurrent ${run}`)
      let refused = 0
      // No call ends before each of the others is sent or has its answer.
      const endWhenAllAreJudged = (): void => {
        if (refused + wallet.sent() === CALLS) for (const each of wallet.end) each()
      }
      const wallet = walletOver(store, grant, endWhenAllAreJudged)
      const { ports, sent } = wallet
      const calls = Array.from({ length: CALLS }, async () => {
        const reply = await callOnce(ports)
        if (reply.kind !== 'response') return null
        if (reply.isRefusal) refused += 1
        endWhenAllAreJudged()
        return { status: reply.status, text: await new Response(reply.body).text() }
      })
      const replies = await Promise.all(calls)

      sentInRuns.push(sent())
      expect(replies.filter((reply) => reply?.status === 200)).toHaveLength(FIT)
      const [used = 0] = await ports.ledger.used(grant.id, grant.terms.budgets)
      expect(used).toBe(FIT * (9 * 150 + 3 * 600))
    }
    expect(sentInRuns).toEqual(Array.from({ length: RUNS }, () => FIT))
  })
})
