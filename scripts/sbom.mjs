// npm run sbom: what of others is shipped, as CycloneDX: .output/valetkey-VERSION-ARTIFACT.cdx.json for
// the extension of each store and for the SDK.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sdkPackages, billOfMaterials, withStyles } from './bill-of-materials.mjs'
import { buildExtension } from './build.mjs'
import { ROOT, ensureInstalled, main } from './toolchain.mjs'

await main(async () => {
  await ensureInstalled()
  const { bundledPackages } = await import('./policy/policy.mjs')
  for (const browser of ['chrome', 'firefox']) {
    await buildExtension({ browser })
    const { version } = read(join('.output', `${browser}-mv3`, 'manifest.json'))
    const product = { name: `valetkey-extension-${browser}`, type: 'application', version }
    const packages = withStyles(ROOT, read(bundledPackages(browser)))
    write(`valetkey-${version}-${browser}`, billOfMaterials(ROOT, product, packages))
  }
  // The build of the SDK refuses to bundle a package of others into what apps load; the agent's are listed.
  const { name, version } = read(join('sdk', 'package.json'))
  write(
    `valetkey-${version}-sdk`,
    billOfMaterials(ROOT, { name, type: 'library', version }, sdkPackages(ROOT)),
  )
})

function read(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}

function write(name, bill) {
  const file = join('.output', `${name}.cdx.json`)
  writeFileSync(join(ROOT, file), `${JSON.stringify(bill, null, 2)}\n`)
  console.log(`${String(bill.components.length).padStart(3)} packages  ${file}`)
}
