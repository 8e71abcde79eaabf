/** platform.openai.com: the key is the value of a read-only box, while the page around is drawn anew. */
import { useState } from 'react'
import { KeyTable } from './key-table.tsx'
import { Modal } from './modal.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { useKeys, useTick } from './use-keys.ts'

export function OpenAiKeys() {
  const keys = useKeys()
  const tick = useTick()
  const [asking, setAsking] = useState(false)
  const isAdmin = location.pathname.includes('admin')
  const thing = isAdmin ? 'admin key' : 'secret key'
  return (
    <main>
      <h1>{isAdmin ? 'Admin keys' : 'API keys'}</h1>
      <p>
        Do not share your API key with others, or expose it in the browser or other client-side
        code. <span className="faint">Updated {tick} s ago</span>
      </p>
      <button
        className="primary"
        onClick={() => {
          setAsking(true)
        }}
      >
        Create new {thing}
      </button>
      <KeyTable keys={keys} revoke="Revoke key" />
      {asking && !keys.made && (
        <Modal title={`Create new ${thing}`}>
          <NewKeyForm submit={`Create ${thing}`} placeholder="My Test Key" onMake={keys.make}>
            <label>
              Project
              <select>
                <option>Default project</option>
              </select>
            </label>
            <label>
              Permissions
              <select>
                <option>All</option>
                <option>Restricted</option>
                <option>Read only</option>
              </select>
            </label>
          </NewKeyForm>
        </Modal>
      )}
      {keys.made && (
        <Modal title="Save your key">
          <p>
            Please save your secret key in a safe place since you won’t be able to view it again.
            Keep it secure, as anyone with your API key can make requests on your behalf.
          </p>
          <CopyBox secret={keys.made.secret} />
          <button
            onClick={() => {
              keys.forget()
              setAsking(false)
            }}
          >
            Done
          </button>
        </Modal>
      )}
    </main>
  )
}

function CopyBox({ secret }: { secret: string }) {
  return (
    <div className="row">
      <input readOnly value={secret} aria-label="Secret key" autoComplete="off" />
      <button
        onClick={() => {
          void navigator.clipboard.writeText(secret)
        }}
      >
        Copy
      </button>
    </div>
  )
}
