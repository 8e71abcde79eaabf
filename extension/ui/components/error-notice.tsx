import { ERROR_TABLE, isWalletError, type WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly error: WalletError
  readonly retry?: () => void
}

/** An error of the table: its sentence, and what to do. */
export function ErrorNotice({ error, retry }: Props) {
  const { message, action } = ERROR_TABLE[error.code]
  const waitMs = isWalletError(error, 'vault.unlock_failed') ? error.details?.retryAfterMs : 0
  const wait = waitMs ? ` ${MESSAGES.waitSeconds(Math.ceil(waitMs / 1000))}` : ''
  return (
    <Notice tone="stop" message={message} action={action + wait}>
      {retry && (
        <Button look="paper" small onClick={retry}>
          {MESSAGES.tryAgain}
        </Button>
      )}
    </Notice>
  )
}
