/**
 * Link, in the app's page: the person's wallet is asked for a grant of the app's server, and gives a public
 * token for it. The server's part is to make the link token before and to exchange the public one after.
 */
import { openChannel } from '../channel.ts'
import { INSTALL_URL } from '../install-url.ts'
import { ValetKeyError, isValetKeyError } from '../valet-key-error.ts'

/** What linking needs, and who hears how it ended. */
export interface LinkOptions {
  /** From `createLinkSession` of the app's own server. Good for half an hour, and once. */
  readonly token: string
  /** The server the app is registered at, which will pass its calls on: `https://sync.example` */
  readonly server: string
  /** The person agreed. Hand the token to the app's server at once: it is good for five minutes, and once. */
  readonly onSuccess: (publicToken: string) => void
  /** Nothing was linked; null where `close` was called. */
  readonly onExit?: (error: ValetKeyError | null) => void
}

/** One asking of one person. */
export interface LinkHandle {
  /** Asks the person, in a window of their wallet. Call it from a click. Once; a second time does nothing. */
  open(): void
  /** Nothing is handed over any more, whatever the person answers. */
  close(): void
}

/**
 * Prepares to link. Errors come by `onExit`: `wallet.not_installed` (its details have `installUrl`),
 * `grant.denied`, `grant.consent_timeout`, `grant.consent_required` (the page is in the background),
 * `request.invalid` (a server of the person's own network, named by a page of the web), `auth.expired`, `auth.failed`,
 * `auth.forbidden` (another app's token), `request.replayed`.
 */
function create({ token, server, onSuccess, onExit }: LinkOptions): LinkHandle {
  let state: 'ready' | 'asking' | 'over' = 'ready'
  const end = (tell: () => void): void => {
    if (state === 'over') return
    state = 'over'
    tell()
  }
  return {
    open() {
      if (state !== 'ready') return
      state = 'asking'
      ask(token, server).then(
        (publicToken) => {
          end(() => {
            onSuccess(publicToken)
          })
        },
        (error: unknown) => {
          end(() => onExit?.(readable(error, server)))
        },
      )
    },
    close() {
      end(() => onExit?.(null))
    },
  }
}

/** `ValetKey.create({ token, server, onSuccess }).open()` */
export const ValetKey = { create } as const

async function ask(linkToken: string, server: string): Promise<string> {
  const channel = await openChannel()
  const { publicToken } = await channel.ask({ type: 'link', linkToken, server }, 'linked')
  return publicToken
}

function readable(error: unknown, server: string): ValetKeyError {
  if (isValetKeyError(error, 'wallet.not_installed')) {
    return new ValetKeyError('wallet.not_installed', { details: { installUrl: INSTALL_URL } })
  }
  if (isValetKeyError(error, 'request.invalid') && error.details?.['reason'] === 'server') {
    return new ValetKeyError('request.invalid', {
      message: `ValetKey asks no server of your own network for a page of the web: ${server}.`,
      action: 'Sync ValetKey with that server under Devices, then try again.',
      details: error.details,
      cause: error,
    })
  }
  if (isValetKeyError(error, 'provider.network')) {
    return new ValetKeyError('provider.network', {
      message: `ValetKey could not reach ${server}.`,
      action: 'Try again in a moment.',
      cause: error,
    })
  }
  return isValetKeyError(error) ? error : new ValetKeyError('internal')
}
