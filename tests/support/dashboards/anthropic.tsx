/** platform.claude.com: the key is text, in elements that are made anew while one looks at them. */
import { useState } from 'react'
import { KeyTable } from './key-table.tsx'
import { Modal } from './modal.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { useKeys, useTick } from './use-keys.ts'

export function AnthropicKeys() {
  const keys = useKeys()
  const [asking, setAsking] = useState(false)
  return (
    <main>
      <h1>API keys</h1>
      <p>
        API keys are owned by workspaces and remain active even after the creator is removed. Use
        them to authenticate requests to the Claude API.
      </p>
      <button
        className="primary"
        onClick={() => {
          setAsking(true)
        }}
      >
        Create Key
      </button>
      <KeyTable keys={keys} revoke="Disable" />
      {asking && !keys.made && (
        <Modal title="Create API key">
          <NewKeyForm submit="Add" placeholder="my-secret-key" onMake={keys.make}>
            <label>
              Workspace
              <select>
                <option>Default</option>
              </select>
            </label>
          </NewKeyForm>
        </Modal>
      )}
      {keys.made && (
        <Modal title="Save your API key">
          <p>Keep a record of the key below. You won’t be able to view it again.</p>
          <ShownKey secret={keys.made.secret} />
          <button
            onClick={() => {
              keys.forget()
              setAsking(false)
            }}
          >
            Close
          </button>
        </Modal>
      )}
    </main>
  )
}

function ShownKey({ secret }: { secret: string }) {
  const tick = useTick()
  return (
    // The key of the element changes with each tick: React throws it away and makes another.
    <div className="row" key={tick}>
      <p className="key">{secret}</p>
      <button
        onClick={() => {
          void navigator.clipboard.writeText(secret)
        }}
      >
        Copy Key
      </button>
    </div>
  )
}
