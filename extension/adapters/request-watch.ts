/** What the browser tells of requests to providers, for compatibility mode alone. */
import { isGrantableOrigin } from '@valetkey/wallet/protocol'
import { PROVIDERS } from '@valetkey/wallet/providers'

/** A request some page or worker is about to make. */
export interface SeenRequest {
  readonly origin: string
  readonly method: string
  readonly url: URL
  /** Null where the browser does not show it: blobs, streams. */
  readonly bodyText: string | null
}

/** Enough for any prompt; what is longer is counted without its text. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024

let watching = false

/** Starts to listen, once the person gave the permission for it; until then it does nothing. */
export function watchRequests(hear: (seen: SeenRequest) => void): void {
  const { webRequest } = chrome as Partial<typeof chrome>
  if (watching || !webRequest) return
  watching = true
  const urls = Object.values(PROVIDERS).flatMap(({ hosts }) =>
    hosts.map((host) => `https://${host}/*`),
  )
  webRequest.onBeforeRequest.addListener(
    ({ initiator, method, url, requestBody }) => {
      // Our own calls have an initiator that can hold no grant.
      if (initiator !== undefined && isGrantableOrigin(initiator)) {
        hear({ origin: initiator, method, url: new URL(url), bodyText: textIn(requestBody) })
      }
      return undefined
    },
    { urls, types: ['xmlhttprequest'] },
    ['requestBody'],
  )
}

/** Whether the browser tells us of requests. */
export function mayWatchRequests(): Promise<boolean> {
  return chrome.permissions.contains({ permissions: ['webRequest'] })
}

function textIn(body: chrome.webRequest.OnBeforeRequestDetails['requestBody']): string | null {
  const parts = body?.raw?.map(({ bytes }) => bytes) ?? []
  const sizeBytes = parts.reduce((sum, part) => sum + (part?.byteLength ?? 0), 0)
  if (sizeBytes === 0 || sizeBytes > BODY_LIMIT_BYTES) return null
  const decoder = new TextDecoder()
  return parts.map((part) => (part ? decoder.decode(part, { stream: true }) : '')).join('')
}
