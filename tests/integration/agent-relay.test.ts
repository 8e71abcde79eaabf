/** The headless wallet behind the relay: a real server, an unmodified client of an app's server, no browser. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import OpenAI from 'openai'
import * as oauth from 'openid-client'
import { createTemporaryFolder, createTestShell, type Serving } from '@valetkey/agent/testing'
import { freePort, openSqliteFile, openTestServer, registered } from '@valetkey/server/testing'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { forwardToFake } from '../support/forward-to-fake.ts'
import { keys, useFakes } from './__fixtures__/four-fakes.ts'

const { fakes } = useFakes()
vi.setConfig({ testTimeout: 30_000 })

const AGENT = fileURLToPath(new URL('../../agent/src/main.ts', import.meta.url))
const PASSPHRASE = 'a quiet harbour at dawn'
const MODEL = 'openai/gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'Hi' }]

let origin: string
let database: Awaited<ReturnType<typeof openSqliteFile>>
let test: Awaited<ReturnType<typeof openTestServer>>
let serving: Serving[]

beforeEach(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${String(port)}`
  database = await openSqliteFile()
  test = await openTestServer(database.address, { VALETKEY_ORIGIN: origin })
  await test.app.fastify.listen({ port, host: '127.0.0.1' })
  serving = []
})
afterEach(async () => {
  for (const one of serving) await one.stop()
  await test[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

/** A terminal of a computer of the person's. */
function newComputer() {
  const folder = createTemporaryFolder()
  onTestFinished(() => folder.remove())
  const home = join(folder.path, 'home')
  const shell = createTestShell(home, (sent) => forwardToFake(fakes(), sent))
  const run = async (line: string, answers: readonly string[] = [PASSPHRASE]) => {
    const reply = await shell.run(line, answers)
    expect([line, reply.code, reply.noted.at(-1)]).toEqual([line, 0, reply.noted.at(-1)])
    return reply
  }
  const serve = async () => {
    const one = await shell.serve([PASSPHRASE])
    serving.push(one)
    return one
  }
  return { home, run, serve, shell }
}

/** A wallet with a key, on the server. */
async function signedUp() {
  const computer = newComputer()
  await computer.run('create', [PASSPHRASE, PASSPHRASE])
  await computer.run('add openai --label Work', [PASSPHRASE, keys.openai])
  const { said } = await computer.run(`sign-up ${origin}`)
  const [, accountId = '', secretKey = ''] = said.map((line) => line.split(/\s+/).at(-1) ?? '')
  return { ...computer, kit: { accountId, secretKey } }
}

type Computer = ReturnType<typeof newComputer>

/** A program that shows a code, by a client library nobody here wrote. */
async function newProgram() {
  const owner = await registered(test)
  const asked = { clientName: 'Notes', redirectUris: ['https://notes.example/callback'] }
  const made = await owner.ask<{ clientId: string; clientSecret: string }>(
    ...(['POST', '/api/v1/oauth2/clients', asked] as const),
  )
  const { clientId, clientSecret } = made.body.data
  const config = await oauth.discovery(new URL(origin), clientId, clientSecret, undefined, {
    algorithm: 'oauth2',
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so for being what it is: plain http on this machine
    execute: [oauth.allowInsecureRequests],
  })
  return oauth.initiateDeviceAuthorization(config, {}).then((begun) => ({
    code: begun.user_code,
    poll: () => oauth.pollDeviceAuthorizationGrant(config, begun),
  }))
}

/** @returns the app's client */
async function connected({ run }: Pick<Computer, 'run'>) {
  const program = await newProgram()
  await run(`connect ${program.code}`, [PASSPHRASE, 'y', 'y', '', '', ''])
  const { access_token: apiKey } = await program.poll()
  return new OpenAI({ apiKey, baseURL: `${origin}/v1/proxy`, maxRetries: 0 })
}

async function chat(client: OpenAI, headers: Record<string, string> = {}): Promise<unknown> {
  try {
    const answer = await client.chat.completions.create({ model: MODEL, messages }, { headers })
    return answer.choices[0]?.message.content
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error.code
    throw error
  }
}

describe('the headless wallet behind the relay', () => {
  it('serves a program that showed a code; streams, counts, and ends at once', async () => {
    const wallet = await signedUp()
    const client = await connected(wallet)
    expect(await chat(client)).toBe('relay.wallet_offline')
    const one = await wallet.serve()
    fakes().behave({ text: 'hello from their own key' })
    await expect.poll(() => chat(client)).toBe('hello from their own key')
    const words: string[] = []
    for await (const part of await client.chat.completions.create({
      ...{ model: MODEL, messages, stream: true },
    })) {
      words.push(part.choices[0]?.delta.content ?? '')
    }
    expect(words.join('')).toBe('hello from their own key')
    expect(fakes().requests.every(({ key }) => key === keys.openai)).toBe(true)

    const { said } = await wallet.run('apps')
    expect(said[0]).toMatch(/Notes {2}by code {2}active {2}the server can read its calls {2}\$0\.0/)
    expect(said[0]).toContain('of $2.00 a month')
    await wallet.run('pause-app Notes')
    await expect.poll(() => chat(client)).toBe('grant.paused')
    await wallet.run('resume-app Notes')
    await expect.poll(() => chat(client)).toBe('hello from their own key')
    await wallet.run('lock', [])
    await expect.poll(() => chat(client)).toBe('relay.wallet_locked')
    expect((await one.stop()).noted.at(-1)).toBe('Locked.')
  })

  it('shows the server no key, no name of it, and no passphrase', async () => {
    const wallet = await signedUp()
    const client = await connected(wallet)
    await wallet.serve()
    await expect.poll(() => chat(client)).not.toMatch(/^relay\./)
    const path = database.address.replace(/^sqlite:(?:\/\/)?/, '')
    const folder = join(path, '..')
    const stored = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
    const all = stored.join('') + test.log.join('')

    expect(all).toContain('Notes')
    for (const secret of [keys.openai, 'Work', PASSPHRASE, wallet.kit.secretKey]) {
      expect(all.includes(secret), secret).toBe(false)
    }
  })

  it('C105: makes no call twice, though its process ended and the app asks again by the same key', async () => {
    const wallet = await signedUp()
    const client = await connected(wallet)
    const one = await wallet.serve()
    fakes().behave({ text: 'once' })
    const key = { 'idempotency-key': 'mine' }
    await expect.poll(() => chat(client, key)).toBe('once')
    await one.stop()
    const before = fakes().requests.length
    await wallet.serve()
    await expect.poll(() => chat(client, key)).toBe('request.replayed')
    expect(fakes().requests).toHaveLength(before)
    expect(await chat(client)).toBe('once')
  })

  it('C74: ends a stream whose app was paused or disconnected by another process, and counts it', async () => {
    const wallet = await signedUp()
    const client = await connected(wallet)
    await wallet.serve()
    fakes().behave({ text: 'one two three four five six', gapMs: 200 })
    await expect.poll(() => chat(client), { timeout: 10_000 }).toContain('one two')
    const readUntil = async (line: string) => {
      const stream = await client.chat.completions.create({
        ...{ model: MODEL, messages, stream: true },
      })
      for await (const part of stream) if (part.choices[0]) await wallet.run(line)
    }
    // Of a pause the server knows nothing: the wallet alone ends it.
    await expect(readUntil('pause-app Notes')).rejects.toThrow()
    await wallet.run('resume-app Notes')
    await expect(readUntil('disconnect Notes')).rejects.toThrow()
    expect(await chat(client)).toBe('grant.revoked')
    expect((await wallet.run('apps')).said).toEqual([])
    await expect
      .poll(async () => (await wallet.run('usage')).said.join(''))
      .toMatch(/^Notes {2}openai {2}gpt-4o-mini {2}3 calls/)
  })

  it('C102: asks before anything is allowed, and tells the program of a no', async () => {
    const wallet = await signedUp()
    const told: Promise<unknown>[] = []
    for (const answers of [
      ['', 'y', '', '', ''],
      ['n', 'y', '', '', ''],
      ['y', 'n', '', '', ''],
      ['y', 'y', 'Nobody'],
    ]) {
      const program = await newProgram()
      const { noted } = await wallet.shell.run(`connect ${program.code}`, [PASSPHRASE, ...answers])
      expect(noted.join('\n')).toContain('calls itself “Notes”')
      told.push(
        program.poll().then(
          () => 'a token',
          (error: unknown) => error,
        ),
      )
    }
    for (const answer of await Promise.all(told)) {
      expect(answer).toMatchObject({ error: 'access_denied' })
    }
    expect((await wallet.shell.run('connect AAAA-AAAA', [PASSPHRASE])).code).toBe(1)
    expect((await wallet.run('apps')).said).toEqual([])
  })

  it('is one wallet with another device of the same account, which joins by the kit', async () => {
    const first = await signedUp()
    const second = newComputer()
    const { accountId, secretKey } = first.kit
    const typed = [accountId, secretKey, PASSPHRASE]
    await second.run(`join ${origin}`, typed)
    expect((await second.run('keys')).said[0]).toContain('openai  Work')
    expect((await second.shell.run(`join ${origin}`, typed)).noted.at(-1)).toContain('already')
    const { said, noted } = await second.run('status')
    expect(said.join('\n')).toContain(`Server    ${origin}`)
    expect(noted.at(-1)).toContain('Does another device show this code')
    await first.run('sync')
    const codeOf = (lines: readonly string[]) => lines.find((line) => line.startsWith('Code'))
    await second.run('sync')
    await first.run('sync')
    const other = await first.run('status')
    expect(codeOf((await second.run('status --same')).said)).toBe(codeOf(other.said))
    expect((await second.run('status')).noted.at(-1)).not.toContain('Does another')

    // A key that is added on one is on the other, as it serves.
    await first.serve()
    await second.serve()
    await first.run('add anthropic --label Home', [PASSPHRASE, keys.anthropic])
    await expect
      .poll(async () => (await second.run('keys')).said.join('\n'), { timeout: 10_000 })
      .toContain('Home')
    const client = await connected(first)
    fakes().behave({ text: 'by either' })
    await expect.poll(() => chat(client), { timeout: 10_000 }).toBe('by either')
    await expect
      .poll(async () => (await second.run('apps')).said.join('\n'), { timeout: 10_000 })
      .toContain('Notes')
    await serving[0]?.stop()
    await expect.poll(() => chat(client), { timeout: 10_000 }).toBe('by either')
  })

  it('C67: has no part of a budget that another device keeps, until both are on together', async () => {
    const first = await signedUp()
    const client = await connected(first)
    await first.run('sync')
    const second = newComputer()
    const { accountId, secretKey } = first.kit
    await second.run(`join ${origin}`, [accountId, secretKey, PASSPHRASE])
    await second.serve()
    fakes().behave({ text: 'within its part' })
    await expect.poll(() => chat(client), { timeout: 10_000 }).toBe('budget.exceeded')
    expect(fakes().requests).toEqual([])

    await first.run('sync')
    await expect.poll(() => chat(client), { timeout: 20_000 }).toBe('within its part')
  })

  it('ends as a process: at once when it is told to, and where its server is gone', async () => {
    const wallet = await signedUp()
    const file = join(wallet.home, '..', 'key')
    await wallet.run(`key-file make ${file}`)
    const begin = (...args: string[]) => {
      const options = ['--home', wallet.home, '--key-file', file]
      const child = spawn(process.execPath, [AGENT, ...args, ...options], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      return { child, ended: once(child, 'exit') as Promise<[number | null]> }
    }
    const { child, ended } = begin('serve', '--port', '0')
    await once(child.stdout, 'data')
    const client = await connected(wallet)
    // Answered by the wallet itself: a process of its own would ask the real provider.
    const models = () => client.models.list().then(({ data }) => data.length)
    await expect.poll(() => models().catch(() => 0), { timeout: 10_000 }).toBeGreaterThan(0)
    const stoppedAt = performance.now()
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(performance.now() - stoppedAt).toBeLessThan(4_000)

    await test.app.close()
    expect(await begin('sync').ended).toEqual([1, null])
  })

  it('leaves its server, and says what it is told to do without one', async () => {
    const wallet = await signedUp()
    const again = await wallet.shell.run(`sign-up ${origin}`, [PASSPHRASE])
    expect(again.noted.at(-1)).toBe(`This wallet is on ${origin} already.`)
    await wallet.serve()
    expect((await wallet.shell.run('leave')).noted.at(-1)).toContain('Another process')
    await serving[0]?.stop()
    await wallet.run('leave', [])
    for (const line of ['apps', 'status', 'sync', 'connect AAAA-AAAA']) {
      const { code, noted } = await wallet.shell.run(line, [PASSPHRASE])
      expect([line, code, noted.at(-1)]).toEqual([line, 1, expect.stringContaining('on no server')])
    }
    expect((await wallet.run('keys')).said).toHaveLength(1)
    const words = async (server: string) =>
      (await wallet.shell.run(`sign-up ${server}`, [PASSPHRASE])).noted.at(-1)
    expect(await words('ftp://sync.example')).toContain('A server is named by its address')
    expect(await words(`http://127.0.0.1:${String(await freePort())}`)).toBe(
      'No ValetKey server answered there. Nothing was changed.',
    )
  })
})
