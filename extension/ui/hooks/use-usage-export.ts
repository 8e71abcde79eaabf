import { useState } from 'react'
import type { UsageCursor, UsageFilter } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { MESSAGES } from '../messages.ts'
import { saveAsFile } from '../save-as-file.ts'
import { useAction, type Action } from './use-action.ts'

type Format = 'csv' | 'json'

const TYPES: Record<Format, string> = { csv: 'text/csv', json: 'application/json' }

interface UsageExport {
  readonly action: Action
  /** How many rows were written so far, or at last; null: none was asked for. */
  readonly written: number | null
  readonly save: (format: Format) => void
}

/** Every row that fits as a file, put together piece by piece. */
export function useUsageExport(filter: UsageFilter): UsageExport {
  const action = useAction()
  const [written, setWritten] = useState<number | null>(null)
  const save = (format: Format) => {
    action.run(async () => {
      setWritten(0)
      const file = await gather(filter, format, setWritten)
      const day = new Date().toISOString().slice(0, 10)
      saveAsFile(MESSAGES.usage.export.fileName(day, format), file)
    })
  }
  return { action, written, save }
}

async function gather(
  filter: UsageFilter,
  format: Format,
  onWritten: (count: number) => void,
): Promise<Blob> {
  // The browser keeps the pieces, outside of this page's memory where there are many.
  const pieces: Blob[] = []
  let written = 0
  let before: UsageCursor | null = null
  do {
    const piece: Piece = await request('usage.export_get', { filter, before, format, written })
    pieces.push(new Blob([piece.text]))
    written += piece.rowCount
    before = piece.next
    onWritten(written)
  } while (before !== null)
  return new Blob(pieces, { type: TYPES[format] })
}

type Piece = Awaited<ReturnType<typeof request<'usage.export_get'>>>
