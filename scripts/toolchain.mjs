// Sets up what every other script needs: the dependencies, and a Node new enough for the tools.
// Node built-ins only, and nothing newer than Node 20: this runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const BIN = join(ROOT, 'node_modules', '.bin')
const STAMP = join(ROOT, 'node_modules', '.valetkey-setup')
const NODE_MAJOR = 22

/** A sentence for the person, without a stack trace. */
export class SetupError extends Error {}

/** Installs the locked dependencies unless they are there already. */
export async function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  console.log('Installing dependencies (once, a minute or more) …')
  const code = await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [
    'ci',
    '--loglevel=error',
  ])
  if (code !== 0)
    throw new SetupError('npm could not install the dependencies; its own words stand above.')
  await tool('wxt', ['prepare'], { quiet: true })
  mkdirSync(dirname(STAMP), { recursive: true })
  writeFileSync(STAMP, wanted)
}

/** The Node the tools run under: the pinned one, else this one if it is new enough. */
export function toolNode() {
  const name = process.platform === 'win32' ? 'win' : process.platform
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const pinned = join(ROOT, 'node_modules', `node-${name}-${process.arch}`, 'bin', file)
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath
  throw new SetupError(
    `There is no packaged Node for this system: please install Node 24 and run this again.`,
  )
}

/**
 * Runs a tool of node_modules/.bin in a folder of the project. Resolves to its exit code, or throws if it
 * failed and `quiet`.
 * @param name with a slash: a script's path in node_modules, where two packages have a tool of one name
 */
export async function tool(name, args, { quiet = false, env = {}, folder = '.' } = {}) {
  const options = { quiet, env, folder }
  const code = name.includes('/')
    ? await run(toolNode(), [join(ROOT, 'node_modules', name), ...args], options)
    : await run(join(BIN, process.platform === 'win32' ? `${name}.cmd` : name), args, options)
  if (quiet && code !== 0) throw new SetupError(`${name} ${args.join(' ')} failed.`)
  return code
}

/** Runs a TypeScript or JavaScript file of ours under the tools' Node. */
export function nodeFile(file, args = [], { env = {} } = {}) {
  return run(toolNode(), ['--disable-warning=ExperimentalWarning', join(ROOT, file), ...args], {
    env,
  })
}

/** Starts a program in the project's root, or a folder of it, and resolves to its exit code. */
function run(command, args, { quiet = false, env = {}, folder = '.' } = {}) {
  let path = [BIN, process.env.PATH].join(delimiter)
  try {
    path = [dirname(toolNode()), path].join(delimiter)
  } catch {
    // Before the install there may be no newer Node yet.
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: join(ROOT, folder),
      stdio: quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit',
      env: { ...process.env, ...env, PATH: path },
      shell: process.platform === 'win32',
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)))
  })
}

/** Runs a script's main function; a SetupError ends it with its sentence and exit code 1. */
export async function main(run) {
  try {
    process.exitCode = (await run()) ?? 0
  } catch (error) {
    console.error(error instanceof SetupError ? `\n${error.message}` : error)
    process.exitCode = 1
  }
}
