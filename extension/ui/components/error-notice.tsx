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
  const { message, action } = sentencesOf(error)
  return (
    <Notice tone="stop" message={message} action={action}>
      {retry && (
        <Button look="paper" small onClick={retry}>
          {MESSAGES.tryAgain}
        </Button>
      )}
    </Notice>
  )
}

/** While there is to wait, no passphrase is tried: the table's sentence would call a right one wrong. */
function sentencesOf(error: WalletError): { readonly message: string; readonly action: string } {
  const waitMs = isWalletError(error, 'vault.unlock_failed') ? error.details?.retryAfterMs : 0
  if (!waitMs) return ERROR_TABLE[error.code]
  const { message, action } = MESSAGES.tooManyTries
  return { message, action: action(Math.ceil(waitMs / 1000)) }
}
