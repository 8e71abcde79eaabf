import { useEffect, useState } from 'react'
import { request } from '../background-client.ts'

const SHOWN_MS = 2_000
/** A copied secret: how long the clipboard keeps it is worth reading. */
const SECRET_SHOWN_MS = 10_000

/**
 * Copies text on request, and says for some seconds how that went. The background hears of every copy: it
 * must know whether what it would take off the clipboard is still a key (security §5).
 */
export function useCopy(text: string, { secret = false }: { readonly secret?: boolean } = {}) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle')
  const [clearsAt, setClearsAt] = useState<number | null>(null)

  useEffect(() => {
    if (outcome !== 'copied') return
    const timer = setTimeout(
      () => {
        setOutcome('idle')
      },
      secret ? SECRET_SHOWN_MS : SHOWN_MS,
    )
    return () => {
      clearTimeout(timer)
    }
  }, [outcome, secret])

  const copy = () => {
    void write(text, secret).then(
      (at) => {
        setClearsAt(at)
        setOutcome('copied')
      },
      () => {
        setOutcome('failed')
      },
    )
  }

  return { outcome, clearsAt, copy }
}

/** @returns when the clipboard will be emptied, null: never */
async function write(text: string, secret: boolean): Promise<number | null> {
  await navigator.clipboard.writeText(text)
  // What was copied is copied, also where the background cannot be told.
  const noted = await request('clipboard.note_copy', { secret }).catch(() => null)
  return noted?.clearsAt ?? null
}
