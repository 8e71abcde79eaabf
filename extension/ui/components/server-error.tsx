import type { WalletError } from '@valetkey/wallet/protocol'
import { serverErrorWords } from '../server-error-words.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

/** An error of a server between devices. */
export function ServerError({ error }: { readonly error: WalletError }) {
  const words = serverErrorWords(error)
  return words ? <Notice tone="stop" {...words} /> : <ErrorNotice error={error} />
}
