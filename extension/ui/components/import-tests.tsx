import { useEffect, useRef, useState } from 'react'
import type { ImportedKeySummary } from '@valetkey/wallet/protocol'
import { useKeyTests } from '../hooks/use-key-tests.ts'
import { sortByState, type KeyTestState } from '../key-tests.ts'
import { MESSAGES } from '../messages.ts'
import { providerName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Pill } from './pill.tsx'

/** Rows drawn at once: a file of thousands must not hold the window up. */
const PAGE = 50

/** Offers to test the keys that came in, and shows what their providers say. */
export function ImportTests({ keys }: { readonly keys: readonly ImportedKeySummary[] }) {
  const words = MESSAGES.transfer.tests
  const { states, busy, error, start, stop } = useKeyTests(keys)
  const [shown, setShown] = useState(PAGE)
  const found = [...states.values()].filter((state) => state !== 'testing')
  const isWhole = found.length === keys.length
  const status = useRef<HTMLParagraphElement>(null)
  // The button that had the focus is gone with the last test.
  useEffect(() => {
    if (isWhole && document.activeElement === document.body) status.current?.focus()
  }, [isWhole])
  // While it runs no row moves away from under the eye.
  const rows = busy ? keys : sortByState(keys, states)

  return (
    <div className="mt-4 border-t border-line pt-4">
      <p ref={status} tabIndex={-1} role="status" className="text-ink2 outline-none">
        {states.size === 0
          ? words.offer
          : words.progress(found.length, keys.length, countOf(found))}
      </p>
      {busy ? (
        <Button small className="mt-2" onClick={stop}>
          {words.stop}
        </Button>
      ) : (
        !isWhole && (
          <Button small className="mt-2" onClick={start}>
            {states.size === 0 ? words.start(keys.length) : words.goOn}
          </Button>
        )
      )}
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
      {states.size > 0 && (
        <ul aria-label={words.list} className="mt-2">
          {rows.slice(0, shown).map((key) => (
            <Row key={key.keyId} tested={key} state={states.get(key.keyId)} />
          ))}
        </ul>
      )}
      {states.size > 0 && keys.length > shown && (
        <Button
          small
          className="mt-2"
          onClick={() => {
            setShown(shown + PAGE)
          }}
        >
          {MESSAGES.transfer.more(Math.min(PAGE, keys.length - shown))}
        </Button>
      )}
    </div>
  )
}

function Row({
  tested: { provider, label },
  state,
}: {
  readonly tested: ImportedKeySummary
  readonly state: KeyTestState | undefined
}) {
  const words = MESSAGES.transfer.tests
  return (
    <li className="flex min-h-11 items-center gap-3 py-1.5 not-first:border-t not-first:border-line">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{label}</span>
        <span className="block text-small text-ink2">{providerName(provider)}</span>
      </span>
      {state === undefined || state === 'testing' || state === 'failed' ? (
        <span className="shrink-0 text-small text-ink2">{words.states[state ?? 'waiting']}</span>
      ) : (
        <Pill outcome={state} />
      )}
    </li>
  )
}

function countOf(found: readonly KeyTestState[]): Partial<Record<KeyTestState, number>> {
  const counts: Partial<Record<KeyTestState, number>> = {}
  for (const state of found) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
