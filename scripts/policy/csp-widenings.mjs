// In which ways one content security policy allows more than another.

/** What a directive that is missing falls back to; a fetch directive falls back to `default-src`. */
const FALLBACKS = {
  'script-src-elem': 'script-src',
  'script-src-attr': 'script-src',
  'style-src-elem': 'style-src',
  'style-src-attr': 'style-src',
  'worker-src': 'child-src',
  'child-src': 'script-src',
  'frame-src': 'child-src',
}

/**
 * @param {string | undefined} policy
 * @param {string | undefined} approved
 * @returns {string[]} what the first allows and the second does not, `directive source`
 */
export function cspWidenings(policy, approved) {
  if (approved === undefined)
    return policy === undefined ? [] : [`a policy where none was: ${policy}`]
  if (policy === undefined) return ['no policy is left']
  const [now, before] = [parse(policy), parse(approved)]
  const names = [...new Set([...now.keys(), ...before.keys()])]
  return names.flatMap((name) => directiveWidenings(name, now, before))
}

function directiveWidenings(name, now, before) {
  const [allowed, approved] = [sourcesOf(name, now), sourcesOf(name, before)]
  // No word about it allows everything, but for reports: they tell somebody else what happens here.
  if (approved === null) return name.startsWith('report-') ? [`${name} is new`] : []
  if (allowed === null) return [`${name} is gone`]
  if (name === 'require-trusted-types-for' || name === 'sandbox') {
    return restrictionsLost(name, allowed, approved)
  }
  return allowed.filter((one) => !approved.includes(one)).map((one) => `${name} ${one}`)
}

/** The fewer words stand there, the more `require-trusted-types-for` allows; of `sandbox`, the fewer the less. */
function restrictionsLost(name, allowed, approved) {
  const [some, others] = name === 'sandbox' ? [allowed, approved] : [approved, allowed]
  return some.filter((one) => !others.includes(one)).map((one) => `${name} ${one}`)
}

/** What a directive allows, or what stands in for it; null where nothing does. `'none'` allows nothing. */
function sourcesOf(name, policy) {
  const own = policy.get(name)
  if (own) return own.filter((one) => one !== "'none'")
  if (FALLBACKS[name]) return sourcesOf(FALLBACKS[name], policy)
  return name.endsWith('-src') && name !== 'default-src' ? sourcesOf('default-src', policy) : null
}

function parse(policy) {
  return new Map(
    policy
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .filter(([name]) => name !== '')
      .map(([name, ...sources]) => [name.toLowerCase(), sources]),
  )
}
