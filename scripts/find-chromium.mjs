// Finds a Chromium, or gets one. Runs before anything is installed: Node built-ins only, Node 20.
import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ENVIRONMENT = ['VALETKEY_CHROMIUM', 'PUPPETEER_EXECUTABLE_PATH', 'CHROME_PATH']
const PATH_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]
const MINIMUM_MAJOR = 148
const NEED = `ValetKey needs Chromium or Chrome ${MINIMUM_MAJOR} or newer: please install it, or set VALETKEY_CHROMIUM to its path.`

/**
 * @returns {string | null} the path of a Chromium or Chrome that is new enough, or null
 * @throws {Error} when VALETKEY_CHROMIUM names a file that is not there
 */
export function findChromium() {
  const named = process.env['VALETKEY_CHROMIUM']
  if (named && !isExecutable(named)) {
    throw new Error(`VALETKEY_CHROMIUM names ${named}, and no program is there.`)
  }
  for (const candidate of candidates()) {
    if (isExecutable(candidate) && isNewEnough(candidate)) return candidate
  }
  return null
}

/**
 * Finds a Chromium; where there is none, downloads puppeteer's or installs the system's.
 * @param {(line: string) => void} [say] told what is being tried
 * @returns {Promise<string>} its path
 * @throws {Error} one sentence that names what to install
 */
export async function ensureChromium(say = () => {}) {
  const found = findChromium()
  if (found) return found
  say('No Chromium here yet: downloading one')
  if (downloadWithPuppeteer()) {
    const downloaded = findChromium()
    if (downloaded) return downloaded
  }
  if (canUseApt()) {
    say('The download did not work: installing the system package chromium')
    installPackage('chromium')
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Error(NEED)
}

/** Installs a package of the system, where that can be done without asking anybody. */
export function installPackage(name) {
  if (!canUseApt()) return
  run('apt-get', ['update'])
  run('apt-get', ['install', '-y', '--no-install-recommends', name])
}

/** Every path on which a program of one of these names may lie. */
export function* onPath(names) {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder) for (const name of names) yield join(folder, name + suffix)
  }
}

function* candidates() {
  for (const name of ENVIRONMENT) if (process.env[name]) yield process.env[name]
  yield* onPath(PATH_NAMES)
  yield* usualPlaces()
  yield* puppeteerCache()
}

function usualPlaces() {
  if (process.platform === 'darwin') {
    const apps = [
      'Chromium.app/Contents/MacOS/Chromium',
      'Google Chrome.app/Contents/MacOS/Google Chrome',
    ]
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      apps.map((app) => join(folder, app)),
    )
  }
  if (process.platform === 'win32') {
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
      const folder = process.env[name]
      if (!folder) return []
      return [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Chromium', 'Application', 'chrome.exe'),
      ]
    })
  }
  return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium']
}

/** What `puppeteer browsers install` left: CACHE/chrome/<platform>-<version>/<folder>/<program>. */
function puppeteerCache() {
  const cache = process.env['PUPPETEER_CACHE_DIR'] ?? join(homedir(), '.cache', 'puppeteer')
  const programs = [
    join('chrome-linux64', 'chrome'),
    join('chrome-win64', 'chrome.exe'),
    ...['arm64', 'x64'].map((cpu) =>
      join(
        `chrome-mac-${cpu}`,
        'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
      ),
    ),
  ]
  const root = join(cache, 'chrome')
  if (!existsSync(root)) return []
  return newestFirst(readdirSync(root)).flatMap((version) =>
    programs.map((program) => join(root, version, program)),
  )
}

function newestFirst(names) {
  return [...names].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** A distribution's stub that only says "install the snap" fails here too. */
function isNewEnough(path) {
  // On Windows `--version` opens a window instead of answering.
  if (process.platform === 'win32') return true
  const answer = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  const major = / (\d+)\./.exec(answer.stdout ?? '')
  return major !== null && Number(major[1]) >= MINIMUM_MAJOR
}

function downloadWithPuppeteer() {
  // Offline, npx would first ask the registry for puppeteer itself: only a copy that is here is used.
  return run('npx', ['--no-install', 'puppeteer', 'browsers', 'install', 'chrome'])
}

function canUseApt() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

function run(program, parameters) {
  try {
    const folder = fileURLToPath(new URL('..', import.meta.url))
    execFileSync(program, parameters, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'ignore'],
      shell: process.platform === 'win32',
      timeout: 15 * 60_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    return true
  } catch {
    return false
  }
}
