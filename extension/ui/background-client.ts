import {
  UI_METHODS,
  WalletError,
  fromWire,
  stateChangedSchema,
  uiReplySchema,
  type UiMethod,
  type UiParams,
  type UiResult,
} from '@valetkey/wallet/protocol'
import { browser } from '../adapters/browser.ts'

const listeners = new Set<() => void>()

/** How often a question is put, before a window says that nobody answers. */
const READ_ATTEMPTS = 3

/**
 * Asks the background for one thing. A question that is lost with a dying worker is put again, an order
 * is not: nobody knows how far it got, so the windows look at what became of it.
 * @throws the code the background gave; `internal` when it cannot be reached or was lost, and
 *   `protocol.invalid_message` when its reply is not in the agreed form
 */
export async function request<M extends UiMethod>(
  method: M,
  params: UiParams<M>,
): Promise<UiResult<M>> {
  const reply = uiReplySchema.safeParse(await sendWhole(method, params))
  if (!reply.success) throw new WalletError('protocol.invalid_message')
  if (!reply.data.ok) throw fromWire(reply.data.error)
  const result = UI_METHODS[method].result.safeParse(reply.data.result)
  if (!result.success) throw new WalletError('protocol.invalid_message')
  if (!isRead(method)) announceChange()
  // The schema of this very method took it; TypeScript cannot follow the method into the table.
  return result.data as UiResult<M>
}

/** Calls `listener` whenever something a window shows may have changed; returns how to stop that. */
export function onStateChanged(listener: () => void): () => void {
  if (listeners.size === 0) browser.runtime.onMessage.addListener(hearBackground)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) browser.runtime.onMessage.removeListener(hearBackground)
  }
}

async function sendWhole(method: UiMethod, params: unknown): Promise<unknown> {
  for (let left = isRead(method) ? READ_ATTEMPTS : 1; ; left--) {
    try {
      return await send(method, params)
    } catch (cause) {
      if (left > 1) continue
      if (!isRead(method)) announceChange()
      throw new WalletError('internal', undefined, { cause })
    }
  }
}

/**
 * A worker that dies takes its open questions with it: Chrome rejects them, or settles them with nothing
 * when the worker was not listening yet. The next message starts a new worker.
 */
async function send(method: UiMethod, params: unknown): Promise<unknown> {
  const reply: unknown = await browser.runtime.sendMessage({ method, params })
  if (reply === undefined) throw new TypeError('The background did not answer.')
  return reply
}

/** Returns nothing, ever: another window's request also arrives here and is not ours to answer. */
function hearBackground(message: unknown): undefined {
  if (stateChangedSchema.safeParse(message).success) announceChange()
  return undefined
}

function announceChange(): void {
  for (const listener of [...listeners]) listener()
}

/** Methods that leave everything a window shows as it is. */
function isRead(method: UiMethod): boolean {
  return /[._](?:get|list)$|\.(?:reveal|note_copy|reauthenticate)$/.test(method)
}
