import { useState } from 'react'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useServerAddress } from '../hooks/use-server-address.ts'
import { keepCode, readKeptCode, type KeptCode } from '../kept-code.ts'
import { MESSAGES } from '../messages.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { PairingSteps } from './pairing-steps.tsx'
import { ServerError } from './server-error.tsx'
import { ServerField } from './server-field.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

interface Props {
  /** It began before this window was loaded. */
  readonly isUnderWay: boolean
  readonly onDone: () => void
  readonly onCancel: () => void
}

/** The new device's side of a pairing. */
export function JoinByPairing({ isUnderWay, onDone, onCancel }: Props) {
  const [isPairing, setPairing] = useState(isUnderWay)
  const [shown, setShown] = useState<KeptCode | null>(() =>
    isUnderWay ? readKeptCode(history.state) : null,
  )
  const stop = () => {
    keepCode(null)
    setShown(null)
    setPairing(false)
    // Whoever leaves is gone: that the server hears of it is a kindness to the other device.
    void request('pairing.cancel', {}).catch(() => undefined)
  }
  if (isPairing) {
    return (
      <PairingSteps
        shown={shown}
        onDone={() => {
          keepCode(null)
          onDone()
        }}
        onAgain={stop}
        onCancel={() => {
          stop()
          onCancel()
        }}
      />
    )
  }
  return (
    <AskServer
      onBegun={(code) => {
        keepCode(code)
        setShown(code)
        setPairing(true)
      }}
      onCancel={onCancel}
    />
  )
}

interface AskProps {
  readonly onBegun: (code: KeptCode) => void
  readonly onCancel: () => void
}

function AskServer({ onBegun, onCancel }: AskProps) {
  const words = DEVICE_WORDS.pair
  const address = useServerAddress()
  const { busy, error, run } = useAction()
  const begin = () => {
    if (!address.isFit()) return
    run(async () => {
      const server = await address.permitted()
      if (server !== null) onBegun(await request('pairing.begin', { server }))
    })
  }
  return (
    <WelcomeFrame title={words.title} text={words.serverText}>
      <Form onSubmit={begin} onKeyDown={onEscape(onCancel)}>
        <ServerField autoFocus readOnly={busy} {...address.field} />
        <div className="mt-3 empty:hidden">
          {address.isDenied && <Notice tone="stop" {...DEVICE_WORDS.server.denied} />}
          {error && <ServerError error={error} />}
        </div>
        <Button look="primary" type="submit" className="mt-4 w-full" disabled={busy}>
          {busy ? words.beginBusy : words.begin}
        </Button>
        <Button look="text" className="mt-2 w-full" disabled={busy} onClick={onCancel}>
          {MESSAGES.back}
        </Button>
      </Form>
    </WelcomeFrame>
  )
}
