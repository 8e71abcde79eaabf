import { WalletError } from '../protocol/index.ts'

/** @throws `request.aborted` once whoever asked has gone */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new WalletError('request.aborted')
}
