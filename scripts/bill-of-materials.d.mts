import type { BundledPackage } from './policy/bundled-packages.mjs'

interface Named {
  /** The scope with its `@`, where there is one. */
  readonly group?: string
  readonly name: string
  readonly version: string
  readonly purl: string
}

export interface Bill {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: string
  readonly metadata: { readonly component: Named }
  readonly components: readonly (Named & {
    readonly 'bom-ref': string
    readonly licenses: readonly { readonly license: { readonly id: string } }[]
    readonly hashes: readonly { readonly alg: string; readonly content: string }[]
  })[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/** What of others is shipped in a product, in the form of CycloneDX. @throws if the lock file lacks one of them */
export function billOfMaterials(
  root: string,
  product: { name: string; type: 'application' | 'library'; version: string },
  packages: readonly BundledPackage[],
): Bill
/** The packages inside `npx valetkey agent`, which is published with the SDK. */
export function sdkPackages(root: string): BundledPackage[]
/** The packages of the extension's scripts, and those whose rules stand in its styles. */
export function withStyles(root: string, packages: readonly BundledPackage[]): BundledPackage[]
