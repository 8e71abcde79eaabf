import type { WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { serverErrorWords } from '../server-error-words.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly error: WalletError
  readonly retry?: () => void
}

/** An error of a server between devices. */
export function ServerError({ error, retry }: Props) {
  const words = serverErrorWords(error)
  if (!words) return <ErrorNotice error={error} {...(retry && { retry })} />
  return (
    <Notice tone="stop" {...words}>
      {retry && (
        <Button look="paper" small onClick={retry}>
          {MESSAGES.tryAgain}
        </Button>
      )}
    </Notice>
  )
}
