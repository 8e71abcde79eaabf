/** The frame of ours in a server's page: it says which request, and shows a sentence where none is answered. */
import {
  isWalletError,
  oauthRequestSchema,
  parseWith,
  type AuthorizeReply,
} from '@valetkey/wallet/protocol'
import type { Caller } from '@valetkey/wallet/proxy'
import type { AppDoor, MessagePortLike } from './page-ports.ts'
import { whyNotAnswered } from './authorize-words.ts'
import type { Asking } from './app-requests.ts'
import type { Keepalive } from './keepalive.ts'

export interface AuthorizePagePorts {
  readonly authorize: (
    requestId: string,
    caller: Caller,
    asking: Pick<Asking, 'isShown' | 'signal'>,
  ) => Promise<string>
  readonly keepalive: Pick<Keepalive, 'hold'>
}

/** A document of the server, and its tab. */
export interface ServerPage extends Pick<AppDoor, 'isShown'> {
  readonly caller: Caller
  readonly goTo: (url: string) => Promise<void>
}

/** Answers the one request of a page, and takes its tab to the app. */
export function serveAuthorizePage(
  port: MessagePortLike,
  { caller, isShown, goTo }: ServerPage,
  { authorize, keepalive }: AuthorizePagePorts,
): void {
  const abort = new AbortController()
  const { signal } = abort
  let isAsked = false
  const answer = async (raw: unknown): Promise<void> => {
    const { requestId } = parseWith(oauthRequestSchema, raw, 'protocol.invalid_message')
    const redirect = await authorize(requestId, caller, { isShown, signal })
    // The person may have gone elsewhere in that tab meanwhile.
    if (!signal.aborted) await goTo(redirect)
  }
  const serve = async (raw: unknown): Promise<void> => {
    const release = keepalive.hold()
    try {
      await answer(raw)
    } catch (error) {
      if (signal.aborted) return
      const code = isWalletError(error) ? error : null
      port.postMessage({
        type: 'sentence',
        text: whyNotAnswered(code, caller.origin),
      } satisfies AuthorizeReply)
    } finally {
      release()
    }
  }
  port.onDisconnect.addListener(() => {
    abort.abort()
  })
  port.onMessage.addListener((raw) => {
    // One question a page: whoever wants another loads it again.
    if (isAsked) {
      abort.abort()
      port.disconnect()
    } else void serve(raw)
    isAsked = true
  })
}
