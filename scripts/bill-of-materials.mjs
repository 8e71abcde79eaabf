// What of others is shipped, in the form of CycloneDX 1.6. Says nothing of time and place: the same
// bundle gives the same bill.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Its rules stand in our style sheets, where no module of it is seen. */
const IN_STYLES = ['tailwindcss']

/**
 * @param {string} root of the project
 * @param {{ name: string, type: 'application' | 'library', version: string }} product what is shipped
 * @param packages of others that stand in its bundles (scripts/policy/bundled-packages.mjs)
 */
export function billOfMaterials(root, product, packages) {
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const components = packages.map((one) => componentOf(one, lockedFor(one, locked)))
  const main = {
    type: product.type,
    'bom-ref': refOf(product),
    ...named(product),
    purl: refOf(product),
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: { ...main, licenses: [{ license: { id: 'MIT' } }] },
    },
    components,
    dependencies: [
      { ref: refOf(product), dependsOn: components.map((one) => one['bom-ref']) },
      ...packages.map((one) => ({ ref: refOf(one), dependsOn: needed(one, packages, locked) })),
    ],
  }
}

/** The packages of the extension: those of its scripts, and those of its styles. */
export function withStyles(root, packages) {
  const styles = IN_STYLES.map((name) => ({ ...installed(root, name), touches: [] }))
  return [...packages, ...styles].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The packages inside of the SDK: those of `npx valetkey agent`, and of what seals the calls of app servers. */
export function sdkPackages(root) {
  const lists = ['agent', 'server'].map((part) => join(root, 'sdk', `${part}-packages.json`))
  const names = new Set(lists.flatMap((file) => JSON.parse(readFileSync(file, 'utf8'))))
  return [...names].sort().map((name) => ({ ...installed(root, name), touches: [] }))
}

function installed(root, name) {
  const file = join(root, 'node_modules', name, 'package.json')
  const { version, license } = JSON.parse(readFileSync(file, 'utf8'))
  return { name, version, license }
}

function componentOf(one, { integrity }) {
  return {
    type: 'library',
    'bom-ref': refOf(one),
    ...named(one),
    scope: 'required',
    purl: refOf(one),
    licenses: [{ license: { id: one.license } }],
    hashes: [{ alg: 'SHA-512', content: hexOf(integrity) }],
    properties: one.touches.map((name) => ({ name: 'valetkey:touches', value: name })),
  }
}

/** The row of the lock file for exactly this version. */
function lockedFor({ name, version }, locked) {
  const row = Object.entries(locked).find(
    ([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version === version,
  )
  if (!row) throw new Error(`package-lock.json does not hold ${name} ${version}.`)
  return row[1]
}

/** Those of the same bill it asks for. */
function needed(one, packages, locked) {
  const { dependencies = {}, peerDependencies = {} } = lockedFor(one, locked)
  const names = Object.keys({ ...dependencies, ...peerDependencies })
  return packages.filter(({ name }) => names.includes(name)).map(refOf)
}

function named({ name, version }) {
  const [scope, own] = name.startsWith('@') ? name.split('/') : [null, name]
  return { ...(scope && { group: scope }), name: own, version }
}

function refOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

function hexOf(integrity) {
  const [, digest] = /^sha512-(.+)$/.exec(integrity)
  return Buffer.from(digest, 'base64').toString('hex')
}
