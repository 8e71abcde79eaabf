import type { WalletError } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { Button } from './button.tsx'
import { PassphraseForm } from './passphrase-form.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  readonly busy: boolean
  readonly error: WalletError | null
  /** What the person came back from. */
  readonly cameFrom: 'restore' | 'join' | null
  readonly onChosen: (passphrase: string) => void
  readonly onRestore: () => void
  readonly onJoin: () => void
}

/** A browser without a vault: a new one, or one that is somewhere already. */
export function WelcomeStart({ busy, error, cameFrom, onChosen, onRestore, onJoin }: Props) {
  const words = MESSAGES.welcome
  return (
    <WelcomeFrame title={words.title} text={words.text} step={1}>
      <h2 className="mt-6 font-bold">{words.passphraseTitle}</h2>
      <p className="text-ink2">{words.passphraseText}</p>
      <PassphraseForm words={words.form} busy={busy} error={error} onChosen={onChosen} />
      <Button
        look="text"
        className="mt-2 w-full"
        disabled={busy}
        autoFocus={cameFrom === 'join'}
        onClick={onJoin}
      >
        {DEVICE_WORDS.join.offer}
      </Button>
      <Button
        look="text"
        className="w-full"
        disabled={busy}
        autoFocus={cameFrom === 'restore'}
        onClick={onRestore}
      >
        {MESSAGES.transfer.restoreOffer}
      </Button>
    </WelcomeFrame>
  )
}
