import { useState } from 'react'
import type { ChosenKey, ImportPreviewReply } from '@valetkey/wallet/protocol'
import { chooseNew, chosenKeys, isNew, nameProvider, take } from '../import-choice.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { CheckRow } from './check-row.tsx'
import { ImportLeftOut } from './import-left-out.tsx'
import { ImportRow } from './import-row.tsx'
import { useTakenFocus } from '../hooks/use-taken-focus.ts'

interface Props {
  readonly preview: ImportPreviewReply
  /** Whether they were picked out of a text of no format. */
  readonly picked: boolean
  readonly busy: boolean
  readonly onRun: (chosen: readonly ChosenKey[]) => void
  readonly onCancel: () => void
}

/** Rows drawn at once: a file of thousands must not hold the window up. */
const PAGE = 100

/** What a file holds, before anything of it is saved. */
export function ImportPreview({ preview, picked, busy, onRun, onCancel }: Props) {
  const words = MESSAGES.transfer
  const { keys, format } = preview
  const [choice, setChoice] = useState(() => chooseNew(keys))
  const [shown, setShown] = useState(PAGE)
  const heading = useTakenFocus()
  const chosen = chosenKeys(choice, keys)
  const all = chooseNew(keys).taken.size

  return (
    <div className="appear">
      <h3 ref={heading} tabIndex={-1} className="font-bold outline-none">
        {keys.length === 0
          ? words.foundNone(format)
          : picked
            ? words.foundPicked(keys.length)
            : words.found(keys.length, format)}
      </h3>
      {keys.length === 0 && <p className="text-ink2">{words.foundNoneHint}</p>}
      {keys.length > 0 && all === 0 && <p className="text-ink2">{words.nothingNew}</p>}
      {all > 1 && (
        <CheckRow
          label={words.takeAll}
          checked={choice.taken.size === all}
          onChange={(isTaken) => {
            const taken = isTaken ? chooseNew(keys).taken : new Set<number>()
            setChoice({ ...choice, taken })
          }}
        />
      )}
      <ul className="mt-2">
        {keys.slice(0, shown).map((key, index) => (
          <ImportRow
            key={index}
            found={key}
            taken={choice.taken.has(index)}
            provider={choice.providers.get(index) ?? key.provider}
            disabled={busy || !isNew(key)}
            onTake={(isTaken) => {
              setChoice(take(choice, index, isTaken))
            }}
            onProvider={(provider) => {
              setChoice(nameProvider(choice, index, provider))
            }}
          />
        ))}
      </ul>
      {keys.length > shown && (
        <Button
          small
          className="mt-2"
          onClick={() => {
            setShown(shown + PAGE)
          }}
        >
          {words.more(Math.min(PAGE, keys.length - shown))}
        </Button>
      )}
      <ImportLeftOut preview={preview} />
      <div className="mt-4 flex flex-wrap gap-2">
        {all > 0 && (
          <Button
            look="primary"
            disabled={busy || chosen.length === 0}
            onClick={() => {
              onRun(chosen)
            }}
          >
            {busy ? words.running : words.run(chosen.length)}
          </Button>
        )}
        <Button disabled={busy} onClick={onCancel}>
          {all > 0 ? MESSAGES.cancel : MESSAGES.back}
        </Button>
      </div>
    </div>
  )
}
