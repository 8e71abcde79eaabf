import { createHash } from 'node:crypto'

/** What a person sees for the moment before their wallet opens: no script, no form, nothing to press. */

/** The store's id of the extension: the public half of its key names it. */
const WALLET = 'chrome-extension://hmjelihcdpmajcfggccbhlmlmcmfjmpp'

/** The page's own, by its hash: no other style gets in, and still no script. */
const STYLE = `:root{color-scheme:light dark;font:16px/24px system-ui,sans-serif}
body{margin:0;padding:48px 16px}
main{max-width:32rem;margin:auto}
h1{font-size:22px;line-height:28px}
code{font-size:1em;overflow-wrap:anywhere}
iframe{display:block;width:100%;height:180px;border:0;color-scheme:light dark}`

/** C103: in no frame, with no opener that could put another page in its place, and with no script at all. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src '${hashOfText(STYLE)}'`,
    `frame-src ${WALLET}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // The address holds what the app asked: it is nobody else's.
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'publickey-credentials-get=()',
}

/**
 * The page of one request. The wallet's own frame is told the id of the request and nothing else; what is
 * asked, and by whom, it fetches itself.
 */
export function authorizePage(about: {
  readonly requestId: string
  readonly appName: string
  readonly redirectUri: string
}): string {
  const { requestId, appName } = about
  return page(
    'Open ValetKey',
    `<p><strong>${escaped(appName)}</strong> asks to use your AI keys. Afterwards you go to
<code>${escaped(placeOf(about.redirectUri))}</code>.</p>
<p>ValetKey opens and shows what is asked. Say yes or no there, never on a page.</p>
<p>Nothing opens, and nothing stands below? Install ValetKey, then load this page again.</p>
<iframe src="${WALLET}/frame.html#authorize=${requestId}" title="ValetKey"></iframe>`,
    ` data-valetkey-request="${requestId}"`,
  )
}

export function devicePage(): string {
  return page(
    'Connect a device',
    `<p>Open ValetKey, go to “Apps”, press “Enter a code” and type the code that your device shows.</p>
<p>Type only a code from a device in front of you. Somebody who sent you one would get to use your keys.</p>`,
  )
}

/** @param about ours, or escaped by {@link escaped} here */
export function refusalPage(about: string): string {
  return page(
    'This does not work',
    `<p>The app asked in a wrong way: ${escaped(about)}</p>
<p>Nothing was allowed. Go back to the app, or tell its makers.</p>`,
  )
}

function page(title: string, content: string, attributes = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${STYLE}</style></head>
<body><main${attributes}><h1>${title}</h1>
${content}</main></body>
</html>
`
}

/** The site, or the scheme where an app has none. */
function placeOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri)
  return /^https?:$/.test(protocol) ? host : protocol
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`)
}

function hashOfText(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
