import type { KeyPrice, KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeyPriceForm } from './key-price-form.tsx'
import { Section } from './section.tsx'

/** What models cost with a key, where the person knows better than the table. */
export function KeyPrices({ summary }: { readonly summary: KeySummary }) {
  const words = MESSAGES.dashboardKeys.prices
  const { id: keyId, prices } = summary
  const { busy, error, run } = useAction()
  const set = (next: KeyPrice[], onKept?: () => void) => {
    run(async () => {
      await request('key.set_prices', { keyId, prices: next })
      onKept?.()
    })
  }

  return (
    <Section title={words.title}>
      <p className="mb-3 text-ink2">{words.text}</p>
      {prices.length > 0 && (
        <ul className="mb-3 grid gap-1.5">
          {prices.map((price, at) => (
            <li key={`${String(at)} ${price.model}`} className="flex items-center gap-3">
              <span className="min-w-0 flex-1 wrap-anywhere">
                {price.model}
                <span className="block text-ink2 tabular-nums">{lineOf(price)}</span>
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
      {/* In front: what was said last counts first. */}
      <KeyPriceForm
        busy={busy}
        onAdd={(price, onKept) => {
          set([price, ...prices], onKept)
        }}
      />
      {error && (
        <div className="mt-3">
          <ErrorNotice error={error} />
        </div>
      )}
    </Section>
  )
}

function lineOf(price: KeyPrice): string {
  const { line, unitLine } = MESSAGES.dashboardKeys.prices
  if ('per' in price) return unitLine[price.per](price.usd)
  return line(price.inputUsd, price.outputUsd)
}
