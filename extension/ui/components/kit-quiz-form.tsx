import { useState } from 'react'
import type { RecoveryKit, WalletError } from '@valetkey/wallet/protocol'
import { askAbout, isAnswer } from '../kit-quiz.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly kit: RecoveryKit
  readonly busy: boolean
  readonly error: WalletError | null
  readonly onPassed: () => void
  /** The kit is shown again. */
  readonly onBack: () => void
  /** Left without an answer: the reminder stays. */
  readonly onLater: () => void
}

/** Asks for two parts of the kit, so that it is known to be kept. */
export function KitQuizForm({ kit, busy, error, onPassed, onBack, onLater }: Props) {
  const words = MESSAGES.kit
  const [questions] = useState(() => askAbout(kit, chance))
  const [typed, setTyped] = useState<readonly string[]>(questions.map(() => ''))
  const [asked, setAsked] = useState(false)
  const right = questions.map((question, index) => isAnswer(question, typed[index] ?? ''))

  return (
    <Form
      onSubmit={() => {
        setAsked(true)
        if (!busy && right.every(Boolean)) onPassed()
      }}
    >
      {questions.map(({ of, part }, index) => (
        <TextField
          key={of}
          label={words.question(words[of], part)}
          type="text"
          autoComplete="off"
          autoFocus={index === 0}
          className="font-mono"
          value={typed[index] ?? ''}
          hint={asked && right[index] !== true ? refusalOf(typed[index] ?? '') : ' '}
          wrong={asked && right[index] !== true}
          onType={(value) => {
            setTyped((before) => before.map((text, at) => (at === index ? value : text)))
          }}
        />
      ))}
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? words.checking : words.check}
        </Button>
        <Button disabled={busy} onClick={onBack}>
          {words.showAgain}
        </Button>
        <Button look="text" disabled={busy} onClick={onLater}>
          {words.later}
        </Button>
      </div>
    </Form>
  )
}

function refusalOf(typed: string): string {
  return typed.trim() === '' ? MESSAGES.kit.missing : MESSAGES.kit.wrong
}

function chance(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number / 2 ** 32
}
