import { mkdirSync, readdirSync, readlinkSync, symlinkSync, lstatSync } from 'node:fs'
import { join } from 'node:path'

const OWN_SCOPE = '@valetkey'

/**
 * Links every installed package into a copy of the checkout. The project's own packages are links into the
 * checkout, and must lead into the copy instead.
 * @param from the checkout's `node_modules`
 * @param to the copy's, which must not be there
 */
export function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    // Caches of the tools belong to one checkout.
    if (name.startsWith('.') && name !== '.bin') continue
    if (name !== OWN_SCOPE) link(join(from, name), join(to, name))
  }
  mkdirSync(join(to, OWN_SCOPE))
  for (const name of readdirSync(join(from, OWN_SCOPE))) {
    link(join(from, OWN_SCOPE, name), join(to, OWN_SCOPE, name))
  }
}

function link(from: string, to: string): void {
  const target = lstatSync(from).isSymbolicLink() ? readlinkSync(from) : from
  symlinkSync(target, to, 'junction')
}
