import { useState } from 'react'
import type { RecoveryKit } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { JoinByKit } from './join-by-kit.tsx'
import { JoinByRecovery } from './join-by-recovery.tsx'
import { JoinByPairing } from './join-by-pairing.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

/** By another device, by passphrase and kit, by the kit alone. */
export type JoinWay = 'pair' | 'kit' | 'recover'

const WAYS: readonly JoinWay[] = ['pair', 'kit', 'recover']

interface Props {
  /** A pairing was under way when this window was loaded. */
  readonly isPairing: boolean
  /** The vault is here: with the kit that was made for it, if any. */
  readonly onDone: (by: JoinWay, kit: RecoveryKit | null) => void
  readonly onCancel: () => void
}

/** A browser without a vault takes over the one of an account: by another device, or by the kit. */
export function Join({ isPairing, onDone, onCancel }: Props) {
  const [way, setWay] = useState<JoinWay | null>(isPairing ? 'pair' : null)
  const [left, setLeft] = useState<JoinWay | null>(null)
  const leave = () => {
    setLeft(way)
    setWay(null)
  }
  switch (way) {
    case 'pair':
      return (
        <JoinByPairing
          isUnderWay={isPairing && left === null}
          onDone={() => {
            onDone('pair', null)
          }}
          onCancel={leave}
        />
      )
    case 'kit':
      return (
        <JoinByKit
          onDone={() => {
            onDone('kit', null)
          }}
          onCancel={leave}
        />
      )
    case 'recover':
      return (
        <JoinByRecovery
          onDone={(kit) => {
            onDone('recover', kit)
          }}
          onCancel={leave}
        />
      )
    case null:
      return <ChooseWay onWay={setWay} onCancel={onCancel} />
  }
}

interface ChooseProps {
  readonly onWay: (way: JoinWay) => void
  readonly onCancel: () => void
}

function ChooseWay({ onWay, onCancel }: ChooseProps) {
  const words = DEVICE_WORDS.join
  return (
    <WelcomeFrame title={words.title} text={words.text} takesFocus>
      <div onKeyDown={onEscape(onCancel)}>
        <ul className="mt-4 grid gap-2">
          {WAYS.map((way) => (
            <li key={way}>
              <button
                type="button"
                className="w-full rounded-card border border-line p-3 text-left hover:bg-sunken"
                onClick={() => {
                  onWay(way)
                }}
              >
                <span className="block font-bold">{words.ways[way].title}</span>
                <span className="block text-ink2">{words.ways[way].text}</span>
              </button>
            </li>
          ))}
        </ul>
        <Button look="text" className="mt-2 w-full" onClick={onCancel}>
          {MESSAGES.back}
        </Button>
      </div>
    </WelcomeFrame>
  )
}
