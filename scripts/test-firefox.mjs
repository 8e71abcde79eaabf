// npm run test:firefox: builds the extension for Firefox and runs its core tests in a real, headless one.
import { buildExtension } from './build.mjs'
import { installPackage, isExecutable, onPath } from './find-chromium.mjs'
import { SetupError, ensureInstalled, main, tool } from './toolchain.mjs'

const PATH_NAMES = ['firefox-esr', 'firefox']
const MAC_PATH = '/Applications/Firefox.app/Contents/MacOS/firefox'
const NEED =
  'These tests need Firefox 140 or newer: please install it, or set VALETKEY_FIREFOX to its path.'

function findFirefox() {
  const named = process.env.VALETKEY_FIREFOX
  if (named && !isExecutable(named)) {
    throw new SetupError(`VALETKEY_FIREFOX names ${named}, and no program is there.`)
  }
  return named ?? [...onPath(PATH_NAMES), MAC_PATH].find(isExecutable) ?? null
}

function ensureFirefox() {
  const found = findFirefox()
  if (found) return found
  console.log('No Firefox here yet: trying the system package')
  installPackage('firefox-esr')
  const installed = findFirefox()
  if (installed) return installed
  throw new SetupError(NEED)
}

await main(async () => {
  await ensureInstalled()
  const firefox = ensureFirefox()
  await buildExtension({ browser: 'firefox' })
  return tool('vitest', ['run', '--project', 'firefox', ...process.argv.slice(2)], {
    env: { VALETKEY_FIREFOX: firefox },
  })
})
