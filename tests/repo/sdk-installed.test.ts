import {
  execFile,
  execFileSync,
  spawn,
  spawnSync,
  type ChildProcessWithoutNullStreams,
} from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestKey } from '../support/test-keys.ts'
import { ROOT } from './built-extension.ts'
import { SDK, sdkEntries, sdkManifest, specifierOf } from './built-sdk.ts'

/** The Node the tools run under, and the one of this machine if it is another: the package has to load in both. */
const NODES = nodesOf([process.execPath, ...onPath('node')])
const NPM = onPath('npm')[0] ?? 'npm'

const project = mkdtempSync(join(tmpdir(), 'valetkey-installed-'))
const installed = join(project, 'node_modules', 'valetkey')
const run = promisify(execFile)

beforeAll(async () => {
  writeFileSync(join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}')
  await npm(['pack', '--pack-destination', project], SDK)
  const [tarball] = readdirSync(project).filter((name) => name.endsWith('.tgz'))
  await npm(['install', '--offline', `./${String(tarball)}`], project)
})

afterAll(() => {
  rmSync(project, { recursive: true, force: true })
})

describe('the packed package in an empty project', () => {
  it('brings itself and nothing else', () => {
    const packages = readdirSync(join(project, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    )

    expect(packages).toEqual(['valetkey'])
  })

  it('holds what is built, what to read, an app to start from, and nothing else', () => {
    expect(readdirSync(installed).sort()).toEqual(
      ['LICENSE', 'README.md', 'agent', 'bin', 'dist', 'package.json', 'skill', 'template'].sort(),
    )
    for (const { file } of sdkEntries()) {
      expect(existsSync(join(installed, file))).toBe(true)
      expect(existsSync(join(installed, file.replace(/\.js$/, '.d.ts')))).toBe(true)
    }
  })
})

describe('npx valetkey create', () => {
  const command = join(project, 'node_modules', '.bin', 'valetkey')
  const create = (...args: readonly string[]) =>
    run(command, ['create', ...args], { cwd: project }).then(
      () => 'made',
      (error: unknown) => (error as { stderr: string }).stderr.trim(),
    )

  it('makes an app of that name, by this version, with all the template holds', async () => {
    expect(await create('my-app')).toBe('made')

    const app = join(project, 'my-app')
    const { name, dependencies } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as {
      name: string
      dependencies: Record<string, string>
    }
    expect(name).toBe('my-app')
    expect(dependencies['valetkey']).toBe(`^${sdkManifest().version}`)
    const template = readdirSync(join(SDK, 'template')).filter((file) => file !== 'node_modules')
    expect(readdirSync(app).sort()).toEqual(
      template.map((file) => (file === '_gitignore' ? '.gitignore' : file)).sort(),
    )
  })

  it('touches no folder that holds something, and no file', async () => {
    mkdirSync(join(project, 'full'))
    writeFileSync(join(project, 'full', 'mine.txt'), 'mine')

    for (const taken of ['full', 'full/mine.txt']) {
      expect(await create(taken)).toMatch(/^There is something in .+ nothing was changed\.$/)
    }
    expect(readdirSync(join(project, 'full'))).toEqual(['mine.txt'])
    expect(readFileSync(join(project, 'full', 'mine.txt'), 'utf8')).toBe('mine')
  })

  it('says what a name may be, and how it is used', async () => {
    expect(await create('My App')).toContain('Use small letters, digits and dashes.')
    expect(existsSync(join(project, 'My App'))).toBe(false)
    expect(await create()).toMatch(/^Usage: npx valetkey create FOLDER\n/)
  })
})

describe('npx valetkey agent', () => {
  const command = join(installed, 'bin', 'valetkey.js')
  const home = join(project, 'wallet')
  const passphrase = 'a quiet harbour at dawn'
  const agent = (args: readonly string[], input: readonly string[], node = process.execPath) =>
    spawnSync(node, [command, 'agent', ...args, '--home', home], {
      encoding: 'utf8',
      cwd: project,
      input: input.map((line) => `${line}\n`).join(''),
    })

  it('says what to do first where there is no wallet, and asks for nothing', () => {
    const { status, stderr } = agent(['keys'], [])

    expect(status).toBe(1)
    expect(stderr.trim()).toBe('There is no wallet here yet. See: valetkey agent create')
  })

  it('makes a wallet no one else may read, keeps a key in it, and lists it without the key', () => {
    const made = agent(['create'], [passphrase, passphrase])
    expect(made.stdout, made.stderr).toContain('Secret Key')
    expect(statSync(join(home, 'wallet.db')).mode & 0o777).toBe(0o600)

    const key = createTestKey('openai', 'installed')
    const added = agent(['add', 'openai', '--label', 'Work'], [passphrase, key])
    expect(added.status, added.stderr).toBe(0)
    const listed = agent(['keys'], [passphrase])
    expect(listed.stdout).toContain('Work')
    expect(listed.stdout + added.stdout + added.stderr).not.toContain(key)
  })

  it('serves, and lets nobody in who has no token', async () => {
    const args = [command, 'agent', 'serve', '--port', '0', '--home', home]
    const serving = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    try {
      serving.stdin.end(`${passphrase}\n`)
      const address = await addressIn(serving)
      const { status } = await fetch(`${address}/v1/models`, {
        headers: { authorization: 'Bearer nobody' },
      })
      expect(status).toBe(401)
    } finally {
      serving.kill()
    }
  })

  const older = NODES.filter(({ version }) => Number.parseInt(version.slice(1), 10) < 24)
  it.runIf(older.length > 0)('names the Node it needs where there is an older one', () => {
    for (const { node } of older) {
      const { status, stderr } = agent(['keys'], [], node)
      expect(status).toBe(2)
      expect(stderr).toMatch(/^The wallet needs Node 24 or newer, and this is [\d.]+\./)
    }
  })
})

/** Where a process says that it listens. */
async function addressIn(serving: ChildProcessWithoutNullStreams): Promise<string> {
  let said = ''
  // Left open: whoever writes to a pipe that nobody holds dies of it.
  for await (const part of serving.stdout.iterator({ destroyOnReturn: false })) {
    said += String(part)
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? []
    if (address !== undefined) return address
  }
  throw new Error(`It listens nowhere: ${said}`)
}

describe.each(NODES)('in Node $version', ({ node }) => {
  it.each(sdkEntries())('$name loads, and exports something', async ({ name }) => {
    linkPeers()
    const script = `const all = await import('${specifierOf(name)}'); console.log(Object.keys(all).join())`
    const { stdout } = await run(node, ['--input-type=module', '--eval', script], { cwd: project })

    expect(stdout.trim()).not.toBe('')
  })
})

/** The packages an app brings along, where one is at hand. */
function linkPeers(): void {
  for (const peer of Object.keys(sdkManifest().peerDependencies)) {
    const place = join(project, 'node_modules', peer)
    const source = join(ROOT, 'node_modules', peer)
    if (existsSync(place) || !existsSync(source)) continue
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(source, place, 'junction')
  }
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  await run(NPM, [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd })
}

/** Each place on the path that has a program of this name, but those of installed packages. */
function onPath(name: string): readonly string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, name))
    .filter((file) => existsSync(file))
}

function nodesOf(files: readonly string[]): readonly { node: string; version: string }[] {
  const byVersion = new Map(
    files.map((node) => [execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), node]),
  )
  return [...byVersion].map(([version, node]) => ({ version, node }))
}
