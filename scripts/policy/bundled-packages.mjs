// Which packages of others stand in a bundle, and what each of them touches there.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { touchedNames } from './touched-names.mjs'

/** Modules the tools write into a bundle themselves, by the start of their id. */
const WRITTEN_BY = { 'rolldown/': 'rolldown', 'vite/': 'vite', 'virtual:wxt': 'wxt' }

/**
 * @param bundle as Rolldown hands it to `generateBundle`: only what is left after unused code is gone
 * @param {string} root of the project, whose own files need nobody's leave
 * @returns {{ name: string, version: string, license: string, touches: string[] }[]} by name
 */
export function packagesIn(bundle, root) {
  const found = new Map()
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk') continue
    for (const [id, { code }] of Object.entries(chunk.modules)) {
      const source = packageOf(id, root)
      if (source === null || code === null) continue
      const { touches } = found.get(source.name) ?? { touches: [] }
      found.set(source.name, { ...source, touches: [...touches, ...touchedNames(code)] })
    }
  }
  return [...found.values()].map(withSortedTouches).sort(byName)
}

/** The same packages found in several bundles, once each. */
export function mergePackages(lists) {
  const found = new Map()
  for (const one of lists.flat()) {
    const { touches } = found.get(one.name) ?? { touches: [] }
    found.set(one.name, { ...one, touches: [...touches, ...one.touches] })
  }
  return [...found.values()].map(withSortedTouches).sort(byName)
}

function withSortedTouches(one) {
  return { ...one, touches: [...new Set(one.touches)].sort() }
}

function byName(one, other) {
  return one.name < other.name ? -1 : 1
}

/** Whose a module is; null for our own. */
function packageOf(id, root) {
  const path = id.replace(/^\0/, '').split('?')[0]
  const tool = Object.entries(WRITTEN_BY).find(([start]) => path.startsWith(start))
  if (tool) return described(join(root, 'node_modules', tool[1]))
  const folder = path.lastIndexOf('/node_modules/')
  if (folder < 0) return isOurs(path, root) ? null : unknown(path)
  const [scope, name] = path.slice(folder + '/node_modules/'.length).split('/')
  const parts = scope.startsWith('@') ? [scope, name] : [scope]
  return described(join(path.slice(0, folder), 'node_modules', ...parts))
}

function isOurs(path, root) {
  return path.startsWith(`${root}/`) || !path.includes('/')
}

/** Neither ours nor a package: it needs leave under its whole name. */
function unknown(path) {
  return { name: path, version: '', license: '' }
}

function described(folder) {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return unknown(folder)
  const { name, version, license } = JSON.parse(readFileSync(file, 'utf8'))
  return { name, version, license: typeof license === 'string' ? license : (license?.type ?? '') }
}

/**
 * What was not approved, in sentences for the person who has to decide.
 * @param packages from {@link packagesIn}
 * @param {Record<string, { touches: string[], why: string }>} approved
 * @returns {string[]}
 */
export function unapproved(packages, approved) {
  return packages.flatMap(({ name, touches }) => {
    if (!Object.hasOwn(approved, name)) {
      return [`${name} is new in the bundle, and touches ${touches.join(', ') || 'nothing'}.`]
    }
    const fresh = touches.filter((one) => !approved[name].touches.includes(one))
    return fresh.length === 0 ? [] : [`${name} now touches ${fresh.join(', ')}.`]
  })
}
