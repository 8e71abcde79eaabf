import { useEffect, useState } from 'react'

const SHOWN_MS = 2_000

/** Copies text on request, and says for two seconds how that went. */
export function useCopy(text: string) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'failed'>('idle')

  useEffect(() => {
    if (outcome !== 'copied') return
    const timer = setTimeout(() => {
      setOutcome('idle')
    }, SHOWN_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [outcome])

  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setOutcome('copied')
      },
      () => {
        setOutcome('failed')
      },
    )
  }

  return { outcome, copy }
}
