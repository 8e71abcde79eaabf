/** A provider without a page of its own here: the browser's own modal dialog, or nothing but a copy button. */
import { useEffect, useRef, useState } from 'react'
import { tellSecret } from './key-client.ts'
import { KeyTable } from './key-table.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { useKeys, type Keys } from './use-keys.ts'

export function GeneralKeys({ copyOnly }: { copyOnly: boolean }) {
  const keys = useKeys()
  const [asking, setAsking] = useState(false)
  const make = (name: string) => {
    keys.make(name)
    setAsking(false)
  }
  return (
    <main>
      <h1>API keys</h1>
      <button
        className="primary"
        onClick={() => {
          setAsking(true)
        }}
      >
        Create new key
      </button>
      {asking && <NewKeyForm submit="Create key" placeholder="Name of the key" onMake={make} />}
      {copyOnly ? <CopyList keys={keys} /> : <KeyTable keys={keys} revoke="Delete" />}
      {keys.made && !copyOnly && <KeyDialog secret={keys.made.secret} onClose={keys.forget} />}
    </main>
  )
}

function KeyDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="modal" aria-label="API key created" onClose={onClose}>
      <h2>API key created</h2>
      <p>This key is shown once.</p>
      <p>
        <code className="key">{secret}</code>
      </p>
      <button onClick={() => dialog.current?.close()}>Close</button>
    </dialog>
  )
}

/** The whole key never stands in the page: its button fetches and copies it. */
function CopyList({ keys }: { keys: Keys }) {
  const copy = (id: string) => {
    void tellSecret(id).then(({ secret }) => navigator.clipboard.writeText(secret))
  }
  return (
    <ul>
      {keys.list.map(({ id, name, masked }) => (
        <li key={id} className="row">
          <span>{name}</span>
          <code>{masked}</code>
          <button
            aria-label={`Copy ${name}`}
            onClick={() => {
              copy(id)
            }}
          >
            Copy
          </button>
        </li>
      ))}
    </ul>
  )
}
