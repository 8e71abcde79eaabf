import { useEffect } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { usePairing } from '../hooks/use-pairing.ts'
import type { KeptCode } from '../kept-code.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { PairingCode } from './pairing-code.tsx'
import { PairingFailed } from './pairing-failed.tsx'
import { ServerError } from './server-error.tsx'
import { SixWords } from './six-words.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  /** Null: another window has it. */
  readonly shown: KeptCode | null
  readonly onDone: () => void
  /** A new code is wanted. */
  readonly onAgain: () => void
  readonly onCancel: () => void
}

/** From the code on the screen to the vault: what the background says, each second. */
export function PairingSteps({ shown, onDone, onAgain, onCancel }: Props) {
  const words = DEVICE_WORDS.pair
  const pairing = usePairing()
  const step = pairing?.step ?? 'waiting'
  useEffect(() => {
    if (step === 'done') onDone()
    // Once, when it is done; `onDone` is another function in each rendering.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [step])

  const cancel = (
    <Button look="text" className="mt-2 w-full" onClick={onCancel}>
      {words.cancel}
    </Button>
  )
  switch (step) {
    case 'failed':
    case 'none':
      return <PairingFailed problem={pairing?.problem ?? null} {...{ onAgain, onCancel }} />
    case 'waiting':
      return (
        <WelcomeFrame title={words.codeTitle} text={words.codeText} takesFocus>
          <div onKeyDown={onEscape(onCancel)}>
            {shown ? (
              <PairingCode {...shown} onAgain={onAgain} />
            ) : (
              <div className="mt-4">
                <Notice tone="plain" {...words.elsewhere}>
                  <Button small look="paper" onClick={onAgain}>
                    {words.again}
                  </Button>
                </Notice>
              </div>
            )}
            {cancel}
          </div>
        </WelcomeFrame>
      )
    case 'words':
    case 'confirmed':
    case 'done':
      return (
        <WelcomeFrame title={words.wordsTitle} text={words.wordsText} takesFocus>
          <div onKeyDown={onEscape(onCancel)}>
            <SixWords words={pairing?.words ?? []} />
            <p role="status" className="mt-4 text-center font-medium empty:hidden">
              {step !== 'words' && words.waiting}
            </p>
            {step === 'words' && <ConfirmWords />}
            {cancel}
          </div>
        </WelcomeFrame>
      )
  }
}

/** Protocols §4b: whoever is between the devices must be seen from both. */
function ConfirmWords() {
  const { busy, error, run } = useAction()
  return (
    <>
      {error && (
        <div className="mt-3">
          <ServerError error={error} />
        </div>
      )}
      <Button
        look="primary"
        className="mt-4 w-full"
        disabled={busy}
        onClick={() => {
          run(async () => {
            await request('pairing.confirm', {})
          })
        }}
      >
        {DEVICE_WORDS.add.same}
      </Button>
    </>
  )
}
