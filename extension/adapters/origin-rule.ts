import { ownHost } from './own-host.ts'

/**
 * Removes `Origin` from our own requests (F7): a provider then treats the call as server-side, with no
 * CORS demands. The one declarativeNetRequest rule there is; it carries no key.
 */
const STRIP_ORIGIN_RULE_ID = 1

/** Drops every session rule a former life left behind (F17, C115) and installs ours. */
export async function resetRules(): Promise<void> {
  const left = await chrome.declarativeNetRequest.getSessionRules()
  await chrome.declarativeNetRequest.updateSessionRules({
    removeRuleIds: left.map(({ id }) => id),
    addRules: [
      {
        id: STRIP_ORIGIN_RULE_ID,
        action: {
          type: 'modifyHeaders',
          requestHeaders: [{ header: 'origin', operation: 'remove' }],
        },
        condition: { initiatorDomains: [ownHost()], resourceTypes: ['xmlhttprequest'] },
      },
    ],
  })
}
