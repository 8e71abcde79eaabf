// In which ways one manifest allows more than another.
import { cspWidenings } from './csp-widenings.mjs'

/** Words for people: they allow nothing. */
const HARMLESS = ['name', 'short_name', 'description', 'version', 'version_name', 'author']
const COMPARED = [
  ...['permissions', 'optional_permissions', 'host_permissions', 'optional_host_permissions'],
  ...['web_accessible_resources', 'content_scripts', 'content_security_policy'],
  'externally_connectable',
]

/**
 * What `manifest` allows beyond `approved`, in sentences. Less than approved is no widening. Of a key
 * nothing is known about here, any change counts.
 * @param {Record<string, unknown>} manifest
 * @param {Record<string, unknown>} approved
 * @returns {string[]}
 */
export function wideningsOf(manifest, approved) {
  return [
    ...permissionWidenings(manifest, approved),
    ...hostWidenings(manifest, approved),
    ...listWidenings('web_accessible_resources', accessibleFiles, manifest, approved),
    ...listWidenings('content_scripts', injections, manifest, approved),
    ...listWidenings('externally_connectable', connectable, manifest, approved),
    ...policyWidenings(manifest, approved),
    ...otherChanges(manifest, approved),
  ]
}

function permissionWidenings(manifest, approved) {
  const required = listOf(approved, 'permissions')
  const all = [...required, ...listOf(approved, 'optional_permissions')]
  return [
    ...without(listOf(manifest, 'permissions'), required).map((one) => `permissions: ${one}`),
    ...without(listOf(manifest, 'optional_permissions'), all).map(
      (one) => `optional_permissions: ${one}`,
    ),
  ]
}

function hostWidenings(manifest, approved) {
  const required = listOf(approved, 'host_permissions')
  const all = [...required, ...listOf(approved, 'optional_host_permissions')]
  return [
    ...uncovered(listOf(manifest, 'host_permissions'), required).map(
      (one) => `host_permissions: ${one}`,
    ),
    ...uncovered(listOf(manifest, 'optional_host_permissions'), all).map(
      (one) => `optional_host_permissions: ${one}`,
    ),
  ]
}

/** Each way in of a manifest must be covered by one that was approved. */
function listWidenings(key, waysIn, manifest, approved) {
  const before = waysIn(approved[key])
  return waysIn(manifest[key])
    .filter((way) => !before.some((one) => covers(one, way)))
    .map(({ words }) => `${key}: ${words}`)
}

/** A file, and who may load it under which kind of address. */
function accessibleFiles(entries = []) {
  return entries.flatMap(({ resources, matches = [], extension_ids: ids = [], ...rest }) =>
    resources.flatMap((resource) =>
      [...matches, ...ids].map((pattern) => ({
        key: resource,
        pattern,
        // Under an address that changes, only who was told it can load the file.
        extras: rest.use_dynamic_url === true ? [] : ['at an address that stays'],
        words: `${resource} for ${pattern}${rest.use_dynamic_url === true ? '' : ', at an address that stays'}`,
      })),
    ),
  )
}

/** A script, where it runs, and what it may do there beyond the usual. */
function injections(entries = []) {
  return entries.flatMap((entry) => {
    const { js = [], css = [], matches = [] } = entry
    const extras = [
      ...(entry.all_frames === true ? ['in all frames'] : []),
      ...(entry.match_about_blank === true ? ['in about:blank'] : []),
      ...(entry.match_origin_as_fallback === true ? ['in frames of its origin'] : []),
      ...(entry.world === 'MAIN' ? ['in the page’s own world'] : []),
      ...(entry.run_at === 'document_start' ? ['before the page'] : []),
    ]
    const left = { excluded: [...(entry.exclude_matches ?? []), ...(entry.exclude_globs ?? [])] }
    return [...js, ...css].flatMap((file) =>
      matches.flatMap((pattern) =>
        (entry.include_globs ?? ['*']).map((glob) => ({
          ...{ key: file, pattern, extras, ...left, glob },
          words: `${file} on ${pattern}${glob === '*' ? '' : ` (${glob})`}${extras.map((one) => `, ${one}`).join('')}`,
        })),
      ),
    )
  })
}

/** Without the key every extension may connect, and no page; with it, who is named. */
function connectable(value) {
  const way = (key) => (pattern) => ({ key, pattern, extras: [], words: `${key} ${pattern}` })
  if (value === undefined) return [way('extensions')('*')]
  const { matches = [], ids = [], accepts_tls_channel_id: channel = false } = value
  return [
    ...matches.map(way('pages')),
    ...ids.map(way('extensions')),
    ...(channel ? [way('identity')('by TLS channel')] : []),
  ]
}

function covers(before, way) {
  return (
    before.key === way.key &&
    (before.pattern === '*' || coversPattern(before.pattern, way.pattern)) &&
    [undefined, '*', way.glob].includes(before.glob) &&
    without(way.extras, before.extras).length === 0 &&
    without(before.excluded ?? [], way.excluded ?? []).length === 0
  )
}

function policyWidenings(manifest, approved) {
  const policies = manifest['content_security_policy'] ?? {}
  const before = approved['content_security_policy'] ?? {}
  const pages = new Set([...Object.keys(policies), ...Object.keys(before)])
  return [...pages].flatMap((page) =>
    cspWidenings(policies[page], before[page]).map((one) => `content_security_policy: ${one}`),
  )
}

function otherChanges(manifest, approved) {
  const keys = new Set([...Object.keys(manifest), ...Object.keys(approved)])
  return without([...keys], [...HARMLESS, ...COMPARED])
    .filter((key) => JSON.stringify(manifest[key]) !== JSON.stringify(approved[key]))
    .map((key) => `${key}: changed`)
}

/** Patterns that no approved one covers. */
function uncovered(patterns, approved) {
  return patterns.filter((one) => !approved.some((before) => coversPattern(before, one)))
}

/** Whether every address of the second match pattern is one of the first. */
export function coversPattern(wide, narrow) {
  if (wide === narrow) return true
  const [first, second] = [wide, narrow].map((one) => /^([^:]+):\/\/([^/]*)(\/.*)$/.exec(one))
  if (wide === '<all_urls>') return second !== null
  if (!first || !second) return false
  const [, scheme, host, path] = first
  const [, itsScheme, itsHost, itsPath] = second
  const sameScheme = scheme === itsScheme || (scheme === '*' && /^https?$/.test(itsScheme))
  const sameHost =
    host === '*' ||
    host === itsHost ||
    (host.startsWith('*.') &&
      (itsHost === host.slice(2) || itsHost.replace(/^\*/, '').endsWith(host.slice(1))))
  return sameScheme && sameHost && (path === '/*' || path === itsPath)
}

function without(list, others) {
  return list.filter((one) => !others.includes(one))
}

function listOf(manifest, key) {
  return manifest[key] ?? []
}
