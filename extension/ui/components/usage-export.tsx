import { FileJson, FileSpreadsheet } from 'lucide-react'
import type { UsageFilter } from '@valetkey/wallet/protocol'
import { useUsageExport } from '../hooks/use-usage-export.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Section } from './section.tsx'

/** The calls that fit as a file. */
export function UsageExport({ filter }: { readonly filter: UsageFilter }) {
  const words = MESSAGES.usage.export
  const { action, written, save } = useUsageExport(filter)
  const formats = [
    { format: 'csv', label: words.csv, icon: FileSpreadsheet },
    { format: 'json', label: words.json, icon: FileJson },
  ] as const
  return (
    <Section title={words.title}>
      <p className="text-ink2">{words.text}</p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {formats.map(({ format, label, icon: Icon }) => (
          <Button
            key={format}
            disabled={action.busy}
            className="flex items-center gap-2"
            onClick={() => {
              save(format)
            }}
          >
            <Icon size={17} aria-hidden="true" />
            {label}
          </Button>
        ))}
        <p role="status" className="text-small text-ink2">
          {written !== null &&
            !action.error &&
            (action.busy ? words.busy(written) : words.done(written))}
        </p>
      </div>
      {action.error && (
        <div className="mt-3">
          <ErrorNotice error={action.error} />
        </div>
      )}
    </Section>
  )
}
