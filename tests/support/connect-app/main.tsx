/** Lines: a small app of React that writes a poem, with the hooks and the button of the SDK. */
import { StrictMode, useState, type SubmitEvent } from 'react'
import { createRoot } from 'react-dom/client'
import { ConnectButton, ValetKeyProvider, useUsage, useValetKey } from 'valetkey/react'

const OPTIONS = { capabilities: ['chat'], reason: 'To write you a poem.' } as const

function Lines() {
  const { session, state, error, disconnect } = useValetKey()
  const { usage, refresh } = useUsage()
  const [poem, setPoem] = useState('')

  const write = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    if (!session) return
    setPoem('')
    const stream = await session.chat({
      ...{ model: 'openai/gpt-4o-mini', stream: true },
      messages: [{ role: 'user', content: 'A poem about valets, please.' }],
    })
    for await (const { choices } of stream) {
      setPoem((before) => before + (choices[0]?.delta.content ?? ''))
    }
    refresh()
  }

  return (
    <main>
      <h1>Lines</h1>
      <p>A poem, written with your own AI.</p>
      <ConnectButton />
      {error && (
        <p role="alert">
          {error.message} {error.action}
        </p>
      )}
      {session && (
        <form
          onSubmit={(event) => {
            void write(event)
          }}
        >
          <button type="submit">Write</button>
          <button type="button" onClick={() => void disconnect()}>
            Disconnect
          </button>
        </form>
      )}
      <output>{poem}</output>
      <footer>
        <span id="state">{state}</span>
        {usage && <span id="usage">{`${usage.total.calls} calls, $${usage.total.usd}`}</span>}
      </footer>
    </main>
  )
}

const root = document.getElementById('app')
if (!root) throw new TypeError('The page has no place for the app.')
createRoot(root).render(
  <StrictMode>
    <ValetKeyProvider options={OPTIONS}>
      <Lines />
    </ValetKeyProvider>
  </StrictMode>,
)
