import { useState } from 'react'
import { keyPriceSchema, type KeyPrice, type KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Form } from './form.tsx'
import { Section } from './section.tsx'
import { TextField } from './text-field.tsx'

const EMPTY: KeyPrice = { model: '', inputUsd: '', outputUsd: '' }

/** What models cost with a key, where the person knows better than the table. */
export function KeyPrices({ summary }: { readonly summary: KeySummary }) {
  const words = MESSAGES.dashboardKeys.prices
  const { id: keyId, prices } = summary
  const [entry, setEntry] = useState(EMPTY)
  const { busy, error, run } = useAction()
  const isWhole = keyPriceSchema.safeParse(entry).success
  const set = (next: KeyPrice[]): void => {
    run(async () => {
      await request('key.set_prices', { keyId, prices: next })
      setEntry(EMPTY)
    })
  }
  const box = (member: 'model' | 'inputUsd' | 'outputUsd') => ({
    value: entry[member],
    autoComplete: 'off',
    onType: (text: string) => {
      setEntry({ ...entry, [member]: text.trim() })
    },
  })

  return (
    <Section title={words.title}>
      <p className="mb-3 text-ink2">{words.text}</p>
      {prices.length > 0 && (
        <ul className="mb-3 grid gap-1.5">
          {prices.map((price, at) => (
            <li key={`${String(at)} ${price.model}`} className="flex items-center gap-3">
              <span className="min-w-0 flex-1 wrap-anywhere">
                {price.model}
                <span className="block text-ink2 tabular-nums">
                  {words.line(price.inputUsd, price.outputUsd)}
                </span>
              </span>
              <Button
                small
                disabled={busy}
                aria-label={words.removeOf(price.model)}
                onClick={() => {
                  set(prices.filter((_, other) => other !== at))
                }}
              >
                {words.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Form
        onSubmit={() => {
          // In front: what was said last counts first.
          if (isWhole) set([entry, ...prices])
        }}
      >
        <div className="grid grid-cols-[minmax(0,1fr)_7rem_7rem] items-start gap-3 max-[400px]:grid-cols-1">
          <TextField label={words.model} hint={words.modelHint} maxLength={200} {...box('model')} />
          <TextField
            label={words.input}
            hint={words.unitHint}
            inputMode="decimal"
            {...box('inputUsd')}
          />
          <TextField
            label={words.output}
            hint={words.unitHint}
            inputMode="decimal"
            {...box('outputUsd')}
          />
        </div>
        {error && (
          <div className="mt-3">
            <ErrorNotice error={error} />
          </div>
        )}
        <Button type="submit" className="mt-3" disabled={busy || !isWhole}>
          {words.add}
        </Button>
      </Form>
    </Section>
  )
}
