// npm run zip: the extension for both stores, .output/valetkey-VERSION-BROWSER.zip, with SHA-256.
// npm run zip -- --verify: the same once more from a clean clone of the last commit, with dependencies
// installed anew; ends with 1 when a byte differs.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buildExtension } from './build.mjs'
import { ROOT, SetupError, ensureInstalled, main } from './toolchain.mjs'

const BROWSERS = ['chrome', 'firefox']

await main(async () => {
  const verify = process.argv.includes('--verify')
  if (verify && git('status', '--porcelain') !== '')
    throw new SetupError('There are changes that no commit holds: a clone would not have them.')
  await ensureInstalled()
  const { zipFolder } = await import('./zip-folder.mjs')
  const zips = []
  for (const browser of BROWSERS) {
    await buildExtension({ browser })
    const folder = join(ROOT, '.output', `${browser}-mv3`)
    const { version } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    const zip = join(ROOT, '.output', `valetkey-${version}-${browser}.zip`)
    writeFileSync(zip, zipFolder(folder))
    console.log(`${sha256(zip)}  ${basename(zip)}`)
    zips.push(zip)
  }
  return verify && !sameFromClone(zips) ? 1 : 0
})

/** Builds them in a clone and says which are the same. */
function sameFromClone(zips) {
  const clone = mkdtempSync(join(tmpdir(), 'valetkey-rebuild-'))
  try {
    git('clone', '--quiet', '--local', ROOT, clone)
    console.log(`\nBuilding ${git('rev-parse', '--short', 'HEAD')} anew …`)
    execFileSync(process.execPath, [join('scripts', 'zip.mjs')], {
      cwd: clone,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const different = zips.filter((zip) => {
      const rebuilt = join(clone, '.output', basename(zip))
      const same = sha256(rebuilt) === sha256(zip)
      console.log(`${same ? 'the same' : 'DIFFERENT'}  ${basename(zip)}  ${sha256(rebuilt)}`)
      return !same
    })
    return different.length === 0
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
}

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
