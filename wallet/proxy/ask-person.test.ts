import { describe, expect, it } from 'vitest'
import type { GrantId, RequestId } from '../protocol/index.ts'
import { defaultTerms } from '../grants/index.ts'
import { askPerson } from './ask-person.ts'

const abort = new AbortController()
const QUESTION = {
  requestId: 'AAAAAAAAAAAAAAAAAAAAAA' as RequestId,
  origin: 'https://app.example.test',
  grant: {
    ...{ id: 'BBBBBBBBBBBBBBBBBBBBBQ' as GrantId, status: 'active' as const, createdAt: 0 },
    ...{ subject: { origin: 'https://app.example.test' } },
    terms: defaultTerms({ now: 0, keys: [] }),
  },
  provider: 'openai' as const,
  model: null,
  boundNanoUsd: null,
  expectedNanoUsd: null,
  why: 'unbounded' as const,
}
const ask = (answer: 'allow' | 'deny' | 'timeout', signal = abort.signal) =>
  askPerson({ ...QUESTION, signal }, { ask: () => Promise.resolve(answer) })

describe('what the person says', () => {
  it('lets a call go on where it is yes', async () => {
    await expect(ask('allow')).resolves.toBeUndefined()
  })

  it.each([
    ['deny', 'grant.denied'],
    ['timeout', 'grant.consent_timeout'],
  ] as const)('ends it where it is %s', async (answer, code) => {
    await expect(ask(answer)).rejects.toMatchObject({ code })
  })

  it.each(['allow', 'deny', 'timeout'] as const)(
    'counts no more once the page has gone: %s',
    async (answer) => {
      await expect(ask(answer, AbortSignal.abort())).rejects.toMatchObject({
        code: 'request.aborted',
      })
    },
  )
})
