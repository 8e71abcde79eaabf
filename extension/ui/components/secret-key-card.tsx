import { useEffect } from 'react'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly secretKey: string
  readonly onSaved: () => void
}

/** The Secret Key, shown this once. Leaving before it is kept is asked about. */
export function SecretKeyCard({ secretKey, onSaved }: Props) {
  const words = MESSAGES.secretKey

  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', hold)
    return () => {
      window.removeEventListener('beforeunload', hold)
    }
  }, [])

  return (
    <>
      <div className="mt-4 rounded-card border border-dashed border-brass/45 bg-brass-soft p-4">
        <p className="text-group font-bold text-ink2">{words.label}</p>
        <p data-testid="secret-key" className="mt-1 font-mono text-body">
          {secretKey}
        </p>
        <div className="mt-3 flex flex-wrap gap-2">
          <CopyButton text={secretKey} />
          <Button
            look="paper"
            onClick={() => {
              saveAsFile(words.fileName, words.file(secretKey))
            }}
          >
            {words.save}
          </Button>
        </div>
      </div>
      <div className="mt-3">
        <Notice tone="warn" message={words.warning} />
      </div>
      <Button look="primary" className="mt-4 w-full" onClick={onSaved}>
        {words.saved}
      </Button>
    </>
  )
}

function saveAsFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
