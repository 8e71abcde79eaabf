/** C56: hosts that a hurried eye takes for a dashboard. */
import type { ProviderId } from '../protocol/index.ts'
import { DASHBOARDS, dashboardOf } from './dashboards.ts'
import { shownHost } from './shown-host.ts'

/** The dashboard a host is taken for, and what makes it look so. */
export interface Lookalike {
  readonly provider: ProviderId
  /** The host it is taken for. */
  readonly host: string
  /** `letters`: letters that look alike; `near`: a letter or two off; `suffix`: another ending, or more. */
  readonly why: 'letters' | 'near' | 'suffix'
}

/** Longer hosts are not compared: no dashboard's is longer than half of it. */
const LONGEST_HOST = 100

/**
 * Whether a page's host passes itself off as a dashboard. Null for dashboards themselves, for any other
 * host of a dashboard's own domain, and for hosts that look like none.
 * @param hostname as the browser has it: lower case, foreign letters as Punycode (`xn--…`)
 * @param shown the same with its foreign letters, as people read it
 */
export function lookalikeOf(hostname: string, shown = shownHost(hostname)): Lookalike | null {
  if (hostname.length > LONGEST_HOST || dashboardOf(`https://${hostname}`) !== null) return null
  const named = hostname.replace(/\.$/, '')
  if (DASHBOARDS.some(({ host }) => isWithin(named, domainOf(host)))) return null
  const plain = withoutLikeness(shown)
  for (const { provider, host } of DASHBOARDS) {
    const why = likeness({ named, plain, host })
    if (why !== null) return { provider, host, why }
  }
  return null
}

interface Compared {
  readonly named: string
  /** The same as an eye reads it. */
  readonly plain: string
  readonly host: string
}

function likeness(compared: Compared): Lookalike['why'] | null {
  const { named, host } = compared
  if (isAlike(compared)) return 'letters'
  if (isSuffixed(named, host)) return 'suffix'
  // A short name is a letter or two off from many honest ones.
  const reach = host.length >= 14 ? 2 : host.length >= 9 ? 1 : 0
  return distance(named, host, reach) <= reach ? 'near' : null
}

/** Read as the dashboard, or as another host of its domain. */
function isAlike({ named, plain, host }: Compared): boolean {
  if (plain === withoutLikeness(host)) return true
  return plain !== named && isWithin(plain, withoutLikeness(domainOf(host)))
}

/** `platform.openai.com.login.example`, `platform-openai-com.example`, `platform.openai.co`. */
function isSuffixed(named: string, host: string): boolean {
  const dashed = host.replaceAll('.', '-')
  if (named.startsWith(`${host}.`) || named.startsWith(`${host}-`)) return true
  if (named.startsWith(`${dashed}.`) || named.includes(`.${host}.`)) return true
  const labels = host.split('.')
  const name = labels.slice(0, -1).join('.')
  // Without its ending a name of one label is a word that others may use.
  return (
    labels.length > 2 && named.startsWith(`${name}.`) && named.split('.').length === labels.length
  )
}

/** The registrable part: no dashboard stands under a suffix of two labels. */
function domainOf(host: string): string {
  return host.split('.').slice(-2).join('.')
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

/** Latin letters and digits, and the Cyrillic and Greek ones, that are drawn alike (Unicode TR 39). */
const ALIKE: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'l', '3': 'e', '5': 's', i: 'l', ı: 'l', í: 'l', ì: 'l' },
  ...{
    а: 'a',
    е: 'e',
    о: 'o',
    р: 'p',
    с: 'c',
    у: 'y',
    х: 'x',
    і: 'l',
    ѕ: 's',
    ԁ: 'd',
    һ: 'h',
    ո: 'n',
  },
  ...{
    ο: 'o',
    α: 'a',
    ν: 'v',
    ρ: 'p',
    τ: 't',
    ι: 'l',
    κ: 'k',
    п: 'n',
    г: 'r',
    т: 't',
    м: 'm',
    к: 'k',
  },
}

/** What an eye makes of it: letters drawn alike as one of them, accents gone, `rn` as `m`, `vv` as `w`. */
function withoutLikeness(host: string): string {
  const bare = host.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')
  const drawn = Array.from(bare, (letter) => ALIKE[letter] ?? letter).join('')
  return drawn.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('cl', 'd')
}

/** Damerau-Levenshtein (optimal string alignment) as far as `limit`; above it, `limit + 1`. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1
      const steps = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
      ]
      const swapped =
        row > 1 &&
        column > 1 &&
        one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1]
      if (swapped) steps.push((beforeLast[column - 2] ?? 0) + 1)
      current.push(Math.min(...steps))
    }
    beforeLast = last
    last = current
  }
  return last[other.length] ?? limit + 1
}
