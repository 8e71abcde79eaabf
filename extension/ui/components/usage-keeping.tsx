import { useId } from 'react'
import type { UsageRetention } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { ErrorNotice } from './error-notice.tsx'
import { FieldRow } from './field-row.tsx'
import { RowSelect } from './row-select.tsx'
import { Section } from './section.tsx'
import { UsageErase } from './usage-erase.tsx'

const readRetention = () => request('usage.retention_get', {})

const CHOICES: Record<keyof typeof MESSAGES.usage.keeping.choices, UsageRetention['keepDays']> = {
  forever: null,
  year: 365,
  month: 30,
}

/** How long single calls are kept, and the end of them all. */
export function UsageKeeping() {
  const words = MESSAGES.usage.keeping
  const id = useId()
  const loaded = useLoaded(readRetention)
  const { busy, error, run } = useAction()
  const keepDays = loaded.state === 'ready' ? loaded.value.keepDays : null
  const names = Object.keys(CHOICES) as (keyof typeof CHOICES)[]
  const chosen = names.find((name) => CHOICES[name] === keepDays) ?? 'forever'
  return (
    <Section title={words.title} busy={loaded.state === 'loading'}>
      <p className="mb-3 text-ink2">{words.text}</p>
      <div className="max-w-100">
        <FieldRow label={words.label} htmlFor={id}>
          <RowSelect
            id={id}
            value={chosen}
            disabled={busy || loaded.state !== 'ready'}
            onChange={(event) => {
              const name = names.find((one) => one === event.target.value)
              if (!name) return
              run(async () => {
                await request('usage.set_retention', { keepDays: CHOICES[name] })
              })
            }}
          >
            {names.map((name) => (
              <option key={name} value={name}>
                {words.choices[name]}
              </option>
            ))}
          </RowSelect>
        </FieldRow>
      </div>
      {loaded.state === 'failed' && <ErrorNotice error={loaded.error} retry={loaded.retry} />}
      {error && <ErrorNotice error={error} />}
      <UsageErase />
    </Section>
  )
}
