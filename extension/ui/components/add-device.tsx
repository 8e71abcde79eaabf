import { useState } from 'react'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { ClaimCode } from './claim-code.tsx'
import { CompareWords } from './compare-words.tsx'
import { Notice } from './notice.tsx'
import { SecurityCard } from './security-card.tsx'

/** The old device's side of a pairing: the code of the new one, then the six words of both. */
export function AddDevice() {
  const words = DEVICE_WORDS.add
  const [outcome, setOutcome] = useState<'done' | 'refused' | null>(null)
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={(close) => (
        <AddDeviceForm
          onBegin={() => {
            setOutcome(null)
          }}
          onOutcome={(next) => {
            setOutcome(next)
            close()
          }}
        />
      )}
    >
      {outcome === null ? undefined : (
        <Notice tone={outcome === 'done' ? 'go' : 'stop'} {...words[outcome]} />
      )}
    </SecurityCard>
  )
}

interface FormProps {
  readonly onBegin: () => void
  readonly onOutcome: (outcome: 'done' | 'refused') => void
}

function AddDeviceForm({ onBegin, onOutcome }: FormProps) {
  const [six, setSix] = useState<readonly string[] | null>(null)
  if (six) return <CompareWords six={six} onOutcome={onOutcome} />
  return (
    <ClaimCode
      onClaimed={(claimed) => {
        onBegin()
        setSix(claimed)
      }}
    />
  )
}
