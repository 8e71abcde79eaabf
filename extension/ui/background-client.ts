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

/**
 * Asks the background for one thing.
 * @throws the code the background gave; `internal` when it cannot be reached, and
 *   `protocol.invalid_message` when its reply is not in the agreed form
 */
export async function request<M extends UiMethod>(
  method: M,
  params: UiParams<M>,
): Promise<UiResult<M>> {
  const reply = uiReplySchema.safeParse(await send(method, params))
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

async function send(method: UiMethod, params: unknown): Promise<unknown> {
  try {
    return await browser.runtime.sendMessage({ method, params })
  } catch (cause) {
    throw new WalletError('internal', undefined, { cause })
  }
}

/** Returns nothing, ever: another window's request also arrives here and is not ours to answer. */
function hearBackground(message: unknown): undefined {
  if (stateChangedSchema.safeParse(message).success) announceChange()
  return undefined
}

function announceChange(): void {
  for (const listener of [...listeners]) listener()
}

function isRead(method: UiMethod): boolean {
  return method.endsWith('.get') || method.endsWith('.list')
}
