/** Grants from the terminal and from a policy file, and what was spent under them. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger } from '@valetkey/wallet/metering'
import { createId, type KeyId, type RequestId } from '@valetkey/wallet/protocol'
import type { Question } from '@valetkey/wallet/proxy'
import { createDraw, fastTestKdf } from '@valetkey/wallet/testing'
import { unlockVault } from '@valetkey/wallet/vault'
import { createTerminal } from './adapters/terminal.ts'
import { hashToken, listClients } from './clients.ts'
import { runCommandLine } from './command-line.ts'
import { createTerminalQuestion } from './terminal-question.ts'
import { createScriptedTerminal, createTemporaryFolder } from './testing/index.ts'
import { openWalletHome, random } from './wallet-home.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const draw = createDraw('agent grants')

let folder: ReturnType<typeof createTemporaryFolder>
beforeEach(async () => {
  folder = createTemporaryFolder()
  await run('create', [PASSPHRASE, PASSPHRASE])
  await run('add openai --label Work', [PASSPHRASE, `test-${draw('{l40}')}`])
  await run('add anthropic --label Home', [PASSPHRASE, `test-${draw('{l40}')}`])
})
afterEach(() => folder.remove())

async function run(line: string, answers: readonly string[] = [PASSPHRASE]) {
  const terminal = createScriptedTerminal(answers)
  const code = await runCommandLine([...line.split(' '), '--home', join(folder.path, 'home')], {
    ...{ terminal, kdf: fastTestKdf, stop: new AbortController().signal },
    forward: () => Promise.reject(new TypeError('nothing is called')),
  })
  return { code, said: terminal.said, noted: terminal.noted }
}

async function readClients() {
  const home = openWalletHome(fastTestKdf, join(folder.path, 'home'))
  const vault = await unlockVault(home.vault, PASSPHRASE)
  const clients = await listClients(vault)
  home.file.close()
  return clients
}

function writePolicy(policy: unknown): string {
  const path = join(folder.path, 'policy.json')
  writeFileSync(path, typeof policy === 'string' ? policy : JSON.stringify(policy), { mode: 0o600 })
  return path
}

const TOOL = {
  providers: [{ provider: 'openai', keys: ['Work'], models: ['gpt-5*'] }],
  budgets: [{ usd: '3.00', window: 'week' }],
  limits: { maxOutputTokens: 32_000 },
  until: '2099-12-31',
}

describe('allow', () => {
  it('asks for the terms, shows the token once and keeps its hash', async () => {
    const { code, said } = await run('allow tool', [PASSPHRASE, 'Home', '12.50', '7'])
    const [token = ''] = said
    const [client] = await readClients()

    expect([code, said.length]).toEqual([0, 1])
    expect(client).toMatchObject({ name: 'tool', tokenHash: hashToken(token) })
    expect(client?.grant).toMatchObject({
      status: 'active',
      terms: {
        providers: [{ provider: 'anthropic', capabilities: ['chat'] }],
        budgets: [{ usd: '12.50', window: 'month' }],
      },
    })
    expect(JSON.stringify(client)).not.toContain(token)
    expect((await run('clients')).said[0]).toContain(
      'tool  active  anthropic  $0.00 of $12.50 a month',
    )
  })

  it('takes what it proposes, and no answer that is none', async () => {
    expect((await run('allow tool', [PASSPHRASE, '', '', ''])).code).toBe(0)
    expect((await readClients())[0]?.grant.terms.providers).toHaveLength(2)
    for (const answers of [['Nobody'], ['', 'much'], ['', '', '0'], ['', '', 'ever']]) {
      expect((await run('allow other', [PASSPHRASE, ...answers])).code, String(answers)).toBe(1)
    }
    expect((await run('allow tool')).noted.at(-1)).toBe('There is a client tool already.')
    expect((await run('allow a#b')).code).toBe(1)
    expect(await readClients()).toHaveLength(1)
  })

  it('pause, resume and revoke change what a client is; a name is free after', async () => {
    await run('allow tool', [PASSPHRASE, '', '', ''])
    const status = async () => (await readClients()).map(({ grant }) => grant.status).sort()
    await run('pause tool')
    expect(await status()).toEqual(['paused'])
    await run('resume tool')
    expect(await status()).toEqual(['active'])
    await run('revoke tool')
    expect(await status()).toEqual(['revoked'])
    expect((await run('resume tool')).code).toBe(1)
    expect((await run('allow tool', [PASSPHRASE, '', '', ''])).code).toBe(0)
    expect(await status()).toEqual(['active', 'revoked'])
  })
})

describe('apply', () => {
  it('gives new clients a token, and the others the terms alone', async () => {
    const path = writePolicy({ schema: 1, clients: { tool: TOOL, other: TOOL } })
    const first = await run(`apply ${path}`)
    expect(first.said.map((line) => line.split(' ')[0])).toEqual(['tool', 'other'])
    const [before] = await readClients()
    const budgets = [{ usd: '1.00', window: 'day' }]
    const again = await run(
      `apply ${writePolicy({ schema: 1, clients: { tool: { ...TOOL, budgets, askAlways: true } } })}`,
    )

    expect([again.code, again.said]).toEqual([0, []])
    const clients = await readClients()
    const tool = clients.find(({ name }) => name === 'tool')
    expect(tool?.grant.terms).toMatchObject({
      ...{ budgets, askAlways: true, expiresAt: Date.parse('2099-12-31T23:59:59.999Z') },
      limits: { perMinute: 60, parallel: 4, maxOutputTokens: 32_000 },
      providers: [{ provider: 'openai', models: ['gpt-5*'], capabilities: ['chat'] }],
    })
    expect(clients.map(({ tokenHash }) => tokenHash)).toContain(before?.tokenHash)
    expect(clients).toHaveLength(2)
  })

  it.each<[string, unknown, string]>([
    ['no JSON', 'x', 'the file: object belongs here'],
    [
      'a word it does not know',
      { schema: 1, clients: { a: { ...TOOL, budget: 1 } } },
      'clients.a: nothing is called budget here',
    ],
    [
      'no budget',
      { schema: 1, clients: { a: { ...TOOL, budgets: [] } } },
      'clients.a.budgets: there is too little here',
    ],
    [
      'a sum that is none',
      { schema: 1, clients: { a: { ...TOOL, budgets: [{ usd: 3, window: 'day' }] } } },
      'clients.a.budgets[0].usd: string belongs here',
    ],
    [
      'a window that is none',
      { schema: 1, clients: { a: { ...TOOL, budgets: [{ usd: '3', window: 'year' }] } } },
      'one of day, week, month, total belongs here',
    ],
    [
      'a day that is none',
      { schema: 1, clients: { a: { ...TOOL, until: '2099-13-45' } } },
      'clients.a.until is no day.',
    ],
    [
      'a key that is not there',
      {
        schema: 1,
        clients: { b: TOOL, a: { ...TOOL, providers: [{ provider: 'openai', keys: ['Home'] }] } },
      },
      'No key is called Home',
    ],
    [
      'a provider without a key',
      { schema: 1, clients: { b: TOOL, a: { ...TOOL, providers: [{ provider: 'groq' }] } } },
      'there is no key of groq',
    ],
    ['a later version', { schema: 2, clients: {} }, 'schema: one of 1 belongs here'],
  ])('refuses %s, says where, and takes over nothing', async (_, policy, words) => {
    const { code, noted } = await run(`apply ${writePolicy(policy)}`)

    expect([code, noted.at(-1)]).toEqual([1, expect.stringContaining(words)])
    expect(await readClients()).toEqual([])
  })

  it('takes no file that others may write', async () => {
    const path = writePolicy({ schema: 1, clients: { tool: TOOL } })
    chmodSync(path, 0o620)

    expect((await run(`apply ${path}`)).noted.at(-1)).toContain(
      'Others on this computer can change',
    )
    expect(await readClients()).toEqual([])
  })
})

it('usage sums what each client spent, by model', async () => {
  await run('allow tool', [PASSPHRASE, '', '', ''])
  const [client] = await readClients()
  if (!client) throw new TypeError('no client')
  const home = openWalletHome(fastTestKdf, join(folder.path, 'home'))
  const ledger = createLedger({ store: home.ledger, clock: home.vault.clock })
  for (let count = 0; count < 3; count++) {
    const reservation = await ledger.reserve({
      ...{ requestId: createId<RequestId>(random), grantId: client.grant.id },
      budgets: client.grant.terms.budgets,
      ...{ keyId: createId<KeyId>(random), provider: 'openai', model: 'gpt-5-mini' },
      ...{ capability: 'chat', boundNanoUsd: 2_000_000, boundTokens: 10 },
    })
    await ledger.settle(reservation, {
      ...{ ending: 'aborted', status: 0, usage: null, usageFinal: false, firstByteSeen: true },
    })
  }
  home.file.close()

  expect((await run('usage')).said).toEqual(['tool  openai  gpt-5-mini  3 calls  0 tokens  $0.006'])
  expect((await run('usage tool --json')).said).toEqual([
    '{"client":"tool","provider":"openai","model":"gpt-5-mini","calls":3,"tokens":0,"usd":"0.006"}',
  ])
  expect((await run('usage other')).said).toEqual([])
  expect((await run('usage --days 0')).code).toBe(1)
})

describe('a call that is asked about', () => {
  function startQuestion(isTTY: boolean) {
    const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined })
    let shown = ''
    const screen = new Writable({
      write(bytes: Buffer, _, done) {
        shown += bytes.toString('utf8')
        done()
      },
    })
    const ask = createTerminalQuestion(createTerminal(input, screen, screen))
    const over = new AbortController()
    const put = (model: string) =>
      ask({
        ...{ origin: 'valetkey-agent:tool', provider: 'openai', model, boundNanoUsd: 5_000_000 },
        ...{ expectedNanoUsd: null, why: 'every_call', signal: over.signal },
      } as Question)
    return { input, over, put, shown: () => shown }
  }

  it('is answered at the terminal', async () => {
    const { input, put, shown } = startQuestion(true)
    const answer = put('gpt-5')
    await expect.poll(shown, { timeout: 4000 }).toContain('Allow this call?')
    input.write('y\r')

    expect(await answer).toBe('allow')
    expect(shown()).toContain('tool asks openai for gpt-5: at most $0.005.')
  })

  it('is not answered by what was typed before it (C54)', async () => {
    const { input, put, shown } = startQuestion(true)
    input.write('y\r')
    const answer = put('gpt-5')
    await expect.poll(shown, { timeout: 4000 }).toContain('Allow this call?')
    input.write('n\r')

    expect(await answer).toBe('deny')
  })

  it('is asked about no more when the client is gone', async () => {
    const { over, put, shown } = startQuestion(true)
    const answer = put('gpt-5')
    await expect.poll(shown, { timeout: 4000 }).toContain('Allow this call?')
    over.abort()

    expect(await answer).toBe('timeout')
  })

  it('is refused where nobody sits', async () => {
    expect(await startQuestion(false).put('gpt-5')).toBe('timeout')
  })
})
