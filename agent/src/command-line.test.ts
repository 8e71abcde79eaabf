/** The commands over real files, with somebody who answers. The last one runs as a process, with the real KDF. */
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDraw, fastTestKdf } from '@valetkey/wallet/testing'
import { runCommandLine } from './command-line.ts'
import { readLocks } from './lock-signal.ts'
import { createScriptedTerminal, createTemporaryFolder } from './testing/index.ts'
import { openWalletHome } from './wallet-home.ts'

const PASSPHRASE = 'a quiet harbour at dawn'
const SECRET = `test-${createDraw('agent commands')('{l40}')}`

/** No command here makes a call. */
const AROUND = {
  kdf: fastTestKdf,
  forward: () => Promise.reject(new TypeError('nothing is called')),
  stop: new AbortController().signal,
}

let folder: ReturnType<typeof createTemporaryFolder>
beforeEach(() => {
  folder = createTemporaryFolder()
})
afterEach(() => folder.remove())

const home = (name = 'home') => join(folder.path, name)

async function run(line: string, answers: readonly string[] = [], at = home()) {
  const terminal = createScriptedTerminal(answers)
  const code = await runCommandLine([...line.split(' '), '--home', at], { terminal, ...AROUND })
  return { code, said: terminal.said, noted: terminal.noted }
}

async function create(at = home()): Promise<{ secretKey: string; recoveryKey: string }> {
  const { code, said } = await run('create', [PASSPHRASE, PASSPHRASE], at)
  expect(code).toBe(0)
  const [secretKey = '', recoveryKey = ''] = said.map((line) => line.split(/\s+/).at(-1) ?? '')
  return { secretKey, recoveryKey }
}

const addKey = (at = home()) => run('add openai --label Work', [PASSPHRASE, SECRET], at)
const labels = async (at = home(), passphrase = PASSPHRASE) =>
  (await run('keys', [passphrase], at)).said.map((line) => line.split('  ').slice(1, 3).join(' '))

describe('create, add, keys, remove', () => {
  it('keep a key that was typed, and show it nowhere', async () => {
    await create()
    const added = await addKey()
    expect([added.code, added.said]).toEqual([0, ['Saved as Work (openai).']])
    const listed = await run('keys', [PASSPHRASE])
    expect(listed.said).toHaveLength(1)
    expect(listed.said[0]).toMatch(/^[\w-]{22} {2}openai {2}Work$/)

    const shown = JSON.stringify([added, listed])
    const stored = readdirSync(home()).map((name) => readFileSync(join(home(), name), 'latin1'))
    expect(shown).not.toContain(SECRET)
    expect(stored.length).toBeGreaterThan(0)
    for (const text of stored) {
      for (const secret of [SECRET, PASSPHRASE]) expect(text).not.toContain(secret)
    }

    expect((await run('remove Work', [PASSPHRASE])).code).toBe(0)
    expect(await labels()).toEqual([])
  })

  it('refuse a short passphrase, two that differ, and a second wallet', async () => {
    expect(await run('create', ['short'])).toMatchObject({ code: 1 })
    expect(await run('create', [PASSPHRASE, 'something else'])).toMatchObject({ code: 1 })
    await create()
    const again = await run('create')
    expect([again.code, again.noted.at(-1)]).toEqual([1, 'There is a wallet already.'])
  })

  it('open nothing with another passphrase', async () => {
    await create()
    const failed = await run('keys', ['another harbour at dusk'])

    expect(failed.code).toBe(1)
    expect(failed.noted.at(-1)).toContain('That passphrase does not open this vault.')
  })

  it('take no key from the command line, and repeat nothing of it', async () => {
    await create()
    for (const line of [`add ${SECRET}`, `add openai ${SECRET}`, `add openai --key=${SECRET}`]) {
      const { code, said, noted } = await run(line, [PASSPHRASE])
      expect(code, line).toBe(1)
      expect(JSON.stringify([said, noted])).not.toContain(SECRET)
    }
  })

  it('refuse an admin key, and an address no key may go to (C27, C39)', async () => {
    await create()
    const admin = createDraw('admin')('sk-ant-admin01-{U93}AA')
    expect((await run('add anthropic', [PASSPHRASE, admin])).noted.at(-1)).toContain('no key for')
    const metadata = 'add custom --base-url https://169.254.169.254/v1'
    expect((await run(metadata, [PASSPHRASE, SECRET])).code).toBe(1)
    const near = 'add custom --base-url http://localhost:8000/v1'
    expect((await run(near, [PASSPHRASE, 'n'])).noted.at(-1)).toBe('Nothing was saved.')
    expect(await labels()).toEqual([])

    expect((await run(near, [PASSPHRASE, 'y', ''])).code).toBe(0)
    expect(await labels()).toHaveLength(1)
  })
})

describe('backup, import, recover', () => {
  it('bring a wallet to another computer with its Secret Key, or with its kit', async () => {
    const { secretKey, recoveryKey } = await create()
    await addKey()
    const file = join(folder.path, 'backup')
    expect((await run(`backup ${file}`, [PASSPHRASE])).code).toBe(0)

    expect((await run(`import ${file}`, [secretKey, PASSPHRASE], home('one'))).code).toBe(0)
    expect(await labels(home('one'))).toEqual(['openai Work'])

    const chosen = 'another harbour at dusk'
    const restored = await run(`import ${file}`, [recoveryKey, chosen, chosen], home('two'))
    expect(restored.code).toBe(0)
    expect(restored.said.join('\n')).not.toContain(recoveryKey)
    expect(await labels(home('two'), chosen)).toEqual(['openai Work'])
  })

  it('add the keys of a backup to a wallet that is there, once', async () => {
    const { secretKey } = await create()
    await addKey()
    const file = join(folder.path, 'backup')
    await run(`backup ${file}`, [PASSPHRASE])
    await create(home('other'))

    const answers = [PASSPHRASE, secretKey, PASSPHRASE]
    expect((await run(`import ${file}`, answers, home('other'))).said).toEqual([
      '1 keys were added.',
    ])
    expect((await run(`import ${file}`, answers, home('other'))).said).toEqual([
      '0 keys were added.',
    ])
    expect(await labels(home('other'))).toEqual(['openai Work'])
  })

  it('open with the recovery key alone, and with the old passphrase no more', async () => {
    const { recoveryKey } = await create()
    await addKey()
    const chosen = 'another harbour at dusk'
    expect((await run('recover', [recoveryKey, chosen, chosen])).code).toBe(0)

    expect(await labels(home(), chosen)).toEqual(['openai Work'])
    expect((await run('keys', [PASSPHRASE])).code).toBe(1)
  })
})

describe('key-file', () => {
  it('opens the wallet until it is revoked, and only where nobody else may read it', async () => {
    await create()
    await addKey()
    const file = join(folder.path, 'key')
    const made = await run(`key-file make ${file}`, [PASSPHRASE])
    const id = /is (\S+)\.$/.exec(made.said[0] ?? '')?.[1] ?? ''
    const open = () => run(`keys --key-file ${file}`)
    expect((await open()).said).toHaveLength(1)

    chmodSync(file, 0o640)
    expect((await open()).noted.at(-1)).toContain('Others on this computer can read')
    chmodSync(file, 0o600)
    expect((await open()).code).toBe(0)

    expect((await run(`key-file list`, [PASSPHRASE])).said[0]).toMatch(new RegExp(`^${id} `))
    expect((await run(`key-file revoke ${id}`, [PASSPHRASE])).code).toBe(0)
    expect((await open()).code).toBe(1)
    expect(await labels()).toEqual(['openai Work'])
  })

  it('is made by the passphrase alone, and opens no other wallet', async () => {
    await create()
    await create(home('other'))
    const file = join(folder.path, 'key')
    await run(`key-file make ${file}`, [PASSPHRASE])

    const second = await run(`key-file make ${file}2 --key-file ${file}`, ['not the passphrase'])
    expect(second.code).toBe(1)
    expect((await run(`keys --key-file ${file}`, [], home('other'))).code).toBe(1)
    writeFileSync(`${file}3`, '{}', { mode: 0o600 })
    expect((await run(`keys --key-file ${file}3`)).noted.at(-1)).toBe(`${file}3 is no key file.`)
  })
})

it('lock leaves word for every process that serves the wallet', async () => {
  await create()
  const locks = async (): Promise<number> => {
    const { file } = openWalletHome(fastTestKdf, home())
    const count = await readLocks(file)
    file.close()
    return count
  }
  expect(await locks()).toBe(0)

  expect((await run('lock')).code).toBe(0)
  expect((await run('lock')).code).toBe(0)
  expect(await locks()).toBe(2)
})

it('says what it can do, and ends with 2 where there is no such command', async () => {
  const terminal = createScriptedTerminal([])
  const surroundings = { terminal, ...AROUND }

  expect(await runCommandLine([], surroundings)).toBe(2)
  expect(await runCommandLine(['constructor'], surroundings)).toBe(2)
  expect(await runCommandLine(['help'], surroundings)).toBe(0)
  expect(terminal.noted.join('\n')).toContain('makes a wallet on this computer')
})

it('runs as a process that is answered through a pipe', () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, 'create', '--home', home()],
    { encoding: 'utf8', input: `${PASSPHRASE}\n${PASSPHRASE}\n` },
  )

  expect(status, stderr).toBe(0)
  expect(stdout).toMatch(/^Secret Key +VK1-[^\n]+\nRecovery key +VR1-[^\n]+\n$/)
  expect(stderr).not.toContain(PASSPHRASE)
}, 30_000)
