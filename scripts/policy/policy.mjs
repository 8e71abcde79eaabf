// Fails the build of the extension when a dependency reaches further than it was allowed to, or the
// manifest asks for more than was approved (C110). Nothing of such a build is written.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mergePackages, packagesIn, unapproved } from './bundled-packages.mjs'
import { wideningsOf } from './manifest-widenings.mjs'

const FOLDER = 'scripts/policy'
export const APPROVED_PACKAGES = `${FOLDER}/approved-packages.json`
export const approvedManifest = (browser) => `${FOLDER}/approved-manifest.${browser}.json`
/** What the last build of a browser held: for the tests and the bill of materials. */
export const bundledPackages = (browser) => `.cache/policy/packages.${browser}.json`
const builtManifest = (browser) => `.cache/policy/manifest.${browser}.json`

/**
 * @param {string} root of the project
 * @returns a Vite plugin and WXT hooks; both must be in place
 */
export function createPolicy(root) {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const write = (path, value) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`)
  }
  let found = []
  return {
    plugin: {
      name: 'valetkey-policy',
      apply: 'build',
      generateBundle(_options, bundle) {
        const packages = packagesIn(bundle, root)
        found = mergePackages([found, packages])
        const refused = unapproved(packages, read(APPROVED_PACKAGES))
        if (refused.length > 0) throw new Error(packageWords(refused))
      },
    },
    hooks: {
      'build:before': () => {
        found = []
      },
      'build:manifestGenerated': (wxt, manifest) => {
        if (wxt.config.command !== 'build') return
        const { browser } = wxt.config
        write(builtManifest(browser), manifest)
        const widenings = wideningsOf(manifest, read(approvedManifest(browser)))
        if (widenings.length > 0) throw new Error(manifestWords(widenings, browser))
      },
      'build:done': (wxt) => {
        if (wxt.config.command === 'build') write(bundledPackages(wxt.config.browser), found)
      },
    },
  }
}

function packageWords(refused) {
  return [
    'A dependency reaches further than it was allowed to:',
    ...refused.map((sentence) => `  ${sentence}`),
    `Read its code. If that is what it is for, write it into ${APPROVED_PACKAGES} and say why.`,
  ].join('\n')
}

function manifestWords(widenings, browser) {
  return [
    'The manifest asks for more than was approved:',
    ...widenings.map((sentence) => `  ${sentence}`),
    'If that is meant, approve it, and say in the commit what it is for:',
    `  cp ${builtManifest(browser)} ${approvedManifest(browser)}`,
  ].join('\n')
}
