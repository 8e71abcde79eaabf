import { WalletError, isErrorCode } from '@valetkey/wallet/protocol'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { ServerError } from './server-error.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  readonly problem: string | null
  readonly onAgain: () => void
  readonly onCancel: () => void
}

/** Nothing was handed over, and the person may begin again. */
export function PairingFailed({ problem, onAgain, onCancel }: Props) {
  const words = DEVICE_WORDS.pair
  const isOffline = problem === 'provider.network' || problem === 'provider.unavailable'
  return (
    <WelcomeFrame title={words.title} takesFocus>
      <div className="mt-3" onKeyDown={onEscape(onCancel)}>
        {isOffline && isErrorCode(problem) ? (
          <ServerError error={new WalletError(problem)} />
        ) : (
          <Notice tone="stop" {...words.failed} />
        )}
        <Button look="primary" className="mt-4 w-full" onClick={onAgain}>
          {words.again}
        </Button>
        <Button look="text" className="mt-2 w-full" onClick={onCancel}>
          {words.cancel}
        </Button>
      </div>
    </WelcomeFrame>
  )
}
