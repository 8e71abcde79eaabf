import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sdkPackages, billOfMaterials, withStyles } from '../../scripts/bill-of-materials.mjs'
import type { BundledPackage } from '../../scripts/policy/bundled-packages.mjs'
import { bundledPackages } from '../../scripts/policy/policy.mjs'
import { ROOT, builtManifest, filesBelow } from './built-extension.ts'

/** Licences under which a package may be shipped with ours. */
const LICENCES = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MPL-2.0']

const read = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
const bundled = read(bundledPackages('chrome')) as readonly BundledPackage[]
const version = String(builtManifest()['version'])
const product = { name: 'valetkey-extension-chrome', type: 'application', version } as const
const bill = billOfMaterials(ROOT, product, withStyles(ROOT, bundled))
const nameOf = ({ group, name }: { group?: string; name: string }): string =>
  group === undefined ? name : `${group}/${name}`

describe('the bill of materials', () => {
  it('names every package whose code or rules are shipped', () => {
    expect(bill.components.map(nameOf)).toEqual(
      [...bundled.map(({ name }) => name), 'tailwindcss'].sort(),
    )
  })

  it('names every package the extension depends on, but for types', () => {
    const { dependencies } = read('extension/package.json') as { dependencies: object }
    const engine = read('wallet/package.json') as { dependencies: object }
    const wanted = Object.keys({ ...dependencies, ...engine.dependencies })
    // Curves are for signing, which no build of the extension does yet.
    const unshipped = ['@valetkey/wallet', '@noble/curves', 'hpke']

    expect(bill.components.map(nameOf)).toEqual(
      expect.arrayContaining(wanted.filter((name) => !unshipped.includes(name))),
    )
  })

  it.each(bill.components)('states of $purl what is installed', (component) => {
    const place = `node_modules/${nameOf(component)}`
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { version: string; integrity: string } | undefined>
    }
    const installed = read(`${place}/package.json`) as { version: string }
    const digest = Buffer.from(component.hashes[0]?.content ?? '', 'hex').toString('base64')

    expect(component.version).toBe(installed.version)
    expect(packages[place]).toMatchObject({
      version: component.version,
      integrity: `sha512-${digest}`,
    })
  })

  it('names what stands inside the SDK, under licences that travel with it', () => {
    const inside = sdkPackages(ROOT)
    const ofAgent = billOfMaterials(ROOT, { ...product, type: 'library' }, inside)
    const licences = ['agent', 'dist/server']
      .map((folder) => readFileSync(join(ROOT, 'sdk', folder, 'LICENSES'), 'utf8'))
      .join('\n')

    expect(ofAgent.components).toHaveLength(inside.length)
    for (const { name, license } of inside) {
      expect(LICENCES).toContain(license)
      expect(licences).toContain(`${name}\n`)
    }
  })

  it('holds no licence we may not ship under', () => {
    const licences = bill.components.flatMap(({ licenses }) =>
      licenses.map(({ license }) => license.id),
    )

    expect(licences.filter((id) => !LICENCES.includes(id))).toEqual([])
  })

  it('refers to nothing it does not hold', () => {
    const refs = [bill.metadata.component.purl, ...bill.components.map((one) => one['bom-ref'])]

    expect(new Set(refs).size).toBe(refs.length)
    expect(bill.dependencies.map(({ ref }) => ref).sort()).toEqual([...refs].sort())
    for (const { dependsOn } of bill.dependencies)
      expect(refs).toEqual(expect.arrayContaining([...dependsOn]))
  })

  it('is the same wherever and whenever it is made', () => {
    const text = JSON.stringify(bill)

    expect(text).not.toContain(ROOT)
    expect(text).not.toMatch(/timestamp|serialNumber|file:|\/(?:home|tmp|root|Users)\//)
    expect(JSON.stringify(billOfMaterials(ROOT, product, withStyles(ROOT, bundled)))).toBe(text)
  })

  it('lists styles of others because there are some', () => {
    const styles = filesBelow('extension/ui', ['.css']).map((path) =>
      readFileSync(join(ROOT, path), 'utf8'),
    )

    expect(styles.join('\n')).toMatch(/@import ["']tailwindcss/)
  })

  it('refuses a package the lock file does not know', () => {
    const stranger = { name: 'stranger', version: '1.0.0', license: 'MIT', touches: [] }

    expect(() => billOfMaterials(ROOT, product, [stranger])).toThrow('stranger 1.0.0')
  })
})
