/**
 * The session rules of compatibility mode. Never dynamic ones: those are written to disk, key and all
 * (interception §4).
 */
import { CREDENTIAL_HEADERS, type InjectRule } from '@valetkey/wallet/proxy'

type Rule = chrome.declarativeNetRequest.Rule

/** Between the rule that stays and those of handshakes. */
const FIRST_RULE_ID = 1000
const LAST_RULE_ID = 99_999

export interface InjectRuleStore {
  /** Makes these the only rules of the kind. @param isCurrent asked right before anything is installed */
  replace(rules: readonly InjectRule[], isCurrent: () => boolean): Promise<void>
}

export const injectRuleStore: InjectRuleStore = {
  async replace(rules, isCurrent) {
    const { declarativeNetRequest } = chrome
    const left = (await declarativeNetRequest.getSessionRules())
      .map(({ id }) => id)
      .filter((id) => id >= FIRST_RULE_ID && id <= LAST_RULE_ID)
    const added = await readable(rules.flatMap(rulesOf))
    if (!isCurrent() || (left.length === 0 && added.length === 0)) return
    const addRules = added.map((rule, at) => ({ ...rule, id: FIRST_RULE_ID + at }))
    await declarativeNetRequest.updateSessionRules({ removeRuleIds: left, addRules })
  },
}

function rulesOf(rule: InjectRule): Omit<Rule, 'id'>[] {
  const condition = conditionOf(rule)
  const { name, value } = rule.header
  const others = CREDENTIAL_HEADERS.filter((header) => header !== name)
  const set: Omit<Rule, 'id'> = {
    condition,
    action: {
      type: 'modifyHeaders',
      requestHeaders: [
        { header: name, operation: 'set', value },
        ...others.map((header) => ({ header, operation: 'remove' as const })),
      ],
    },
  }
  if (!rule.removesKeyParam) return [set]
  // Never a redirect that brings the key into an address: only away from one (interception §5).
  const transform = { queryTransform: { removeParams: ['key'] } }
  return [set, { condition, action: { type: 'redirect', redirect: { transform } } }]
}

/** Each line keeps somebody out (F1–F3, interception §5). */
function conditionOf({ origin, host, addressPattern, endpoint }: InjectRule) {
  const app = new URL(origin).hostname
  return {
    initiatorDomains: [app],
    // A hostile page that frames the app.
    topDomains: [app],
    requestDomains: [host],
    // A host whose path holds the provider's address.
    regexFilter: addressPattern,
    isUrlFilterCaseSensitive: true,
    // Never OPTIONS: a preflight carries no key.
    requestMethods: [endpoint.method === 'GET' ? ('get' as const) : ('post' as const)],
    // Not images, pings and frames, whose senders nobody can tell.
    resourceTypes: ['xmlhttprequest' as const],
  }
}

/** A pattern the browser does not take would keep all others from being installed. */
async function readable(rules: Omit<Rule, 'id'>[]): Promise<Omit<Rule, 'id'>[]> {
  const verdicts = await Promise.all(
    rules.map(({ condition }) =>
      chrome.declarativeNetRequest.isRegexSupported({
        regex: condition.regexFilter ?? '',
        isCaseSensitive: true,
      }),
    ),
  )
  return rules.filter((_rule, at) => verdicts[at]?.isSupported === true)
}
