import type { GrantUsage, Session, ValetKeyError } from 'valetkey'
import { ConnectButton, ValetKeyProvider, useUsage, useValetKey } from 'valetkey/react'
import { expectType } from './expect-type.js'

export function App() {
  return (
    <ValetKeyProvider options={{ capabilities: ['chat'], reason: 'To answer.' }}>
      <ConnectButton className="wide" installUrl="https://app.example.test/install">
        Use my AI
      </ConnectButton>
      <Inside />
    </ValetKeyProvider>
  )
}

function Inside() {
  const { session, error, connect } = useValetKey()
  const { usage, refresh } = useUsage()
  const ask = async (): Promise<void> => {
    const made: Session | null = await connect()
    if (made) refresh()
  }
  expectType<Session | null>().is<typeof session>()
  expectType<ValetKeyError | null>().is<typeof error>()
  expectType<GrantUsage | null>().is<typeof usage>()
  return (
    <button onClick={() => void ask()}>
      {usage?.total.usd ?? error?.message ?? session?.status}
    </button>
  )
}

// @ts-expect-error: capabilities are a closed list.
export const wrong = <ValetKeyProvider options={{ capabilities: ['chats'] }} />
