/** console.groq.com: the dialog is a document of its own, in a frame of the same origin. */
import { useEffect, useState } from 'react'
import { KeyTable } from './key-table.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { useKeys } from './use-keys.ts'

const FRAME_PATH = '/keys/new'

export function GroqKeys() {
  return location.pathname === FRAME_PATH ? <GroqDialog /> : <GroqList />
}

function GroqList() {
  const [asking, setAsking] = useState(false)
  useEffect(() => {
    const close = (event: MessageEvent) => {
      if (event.origin === location.origin && event.data === 'done') setAsking(false)
    }
    window.addEventListener('message', close)
    return () => {
      window.removeEventListener('message', close)
    }
  }, [])
  return (
    <main>
      <h1>API Keys</h1>
      <p>
        Manage your API keys. Remember to keep your API keys safe to prevent unauthorized access.
      </p>
      <button
        className="primary"
        onClick={() => {
          setAsking(true)
        }}
      >
        Create API Key
      </button>
      {/* Made anew with each dialog, so that it lists what came of it. */}
      <GroqTable key={String(asking)} />
      {asking && (
        <div className="overlay">
          <iframe title="Create API Key" src={FRAME_PATH} />
        </div>
      )}
    </main>
  )
}

function GroqTable() {
  return <KeyTable keys={useKeys()} revoke="Delete" />
}

function GroqDialog() {
  const keys = useKeys()
  if (!keys.made) {
    return (
      <main>
        <h2>Create API Key</h2>
        <NewKeyForm submit="Submit" placeholder="my-app" onMake={keys.make} />
      </main>
    )
  }
  const { secret } = keys.made
  return (
    <main>
      <h2>Your new API key</h2>
      <p>Copy it now: it is not shown again.</p>
      <pre className="key">
        <code>{secret}</code>
      </pre>
      <button
        onClick={() => {
          void navigator.clipboard.writeText(secret)
        }}
      >
        Copy
      </button>
      <button
        onClick={() => {
          window.parent.postMessage('done', location.origin)
        }}
      >
        Done
      </button>
    </main>
  )
}
