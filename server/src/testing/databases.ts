/** Each database the server runs on, fresh for a test file. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

export interface TestDatabase extends AsyncDisposable {
  /** For the setting VALETKEY_DATABASE. */
  readonly address: string
}

export const DATABASES = [
  ['SQLite', openSqliteFile],
  ['PostgreSQL', openPostgresCluster],
] as const satisfies readonly (readonly [string, () => Promise<TestDatabase>])[]

export function openSqliteFile(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'valetkey-sqlite-'))
  return Promise.resolve({
    address: join(folder, 'valetkey.sqlite'),
    [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  })
}

/** A cluster of its own, which listens on a socket file alone. As root it runs as `nobody`: PostgreSQL refuses root. */
export function openPostgresCluster(): Promise<TestDatabase> {
  const programs = findPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'valetkey-pg-'))
  const isRoot = userInfo().uid === 0
  const run = (program: string, args: readonly string[]): void => {
    const file = join(programs, program)
    const [command, all] = isRoot
      ? ['setpriv', ['--reuid=nobody', '--regid=nogroup', '--clear-groups', file, ...args]]
      : [file, args]
    execFileSync(command, all, { stdio: 'ignore', cwd: '/' })
  }
  if (isRoot) execFileSync('chown', ['nobody:nogroup', folder])
  const data = join(folder, 'data')
  const initial = ['-U', 'vk', '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-sync']
  run('initdb', ['-D', data, ...initial])
  const options = `-p 5432 -c listen_addresses= -c unix_socket_directories=${folder}`
  run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start'])
  return Promise.resolve({
    address: `postgres://vk@/postgres?host=${encodeURIComponent(folder)}`,
    [Symbol.asyncDispose]() {
      run('pg_ctl', ['-D', data, '-w', '-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  })
}

/** Where Debian and Homebrew put the server's programs, the newest version first. */
function findPostgres(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    process.env['VALETKEY_POSTGRES'] ?? '',
    ...versions.map((version) => join(debian, version, 'bin')),
    ...['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'],
  ]
  const found = folders.find((folder) => folder !== '' && existsSync(join(folder, 'initdb')))
  if (found === undefined) {
    throw new Error(
      'These tests need PostgreSQL: please install it (Debian: apt-get install postgresql).',
    )
  }
  return found
}
