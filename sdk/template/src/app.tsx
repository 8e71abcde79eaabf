import { useEffect, useRef, useState } from 'react'
import { ConnectButton, useUsage, useValetKey } from 'valetkey/react'
import { Composer } from './composer.tsx'
import { modelsOf, type Model } from './models.ts'
import { Notice, useHindrance } from './notice.tsx'
import { Spent } from './spent.tsx'
import { useConversation, type Turn } from './use-conversation.ts'

const IDEAS = [
  'Write two lines about a valet',
  'A friendlier word for “must”',
  'Three names for a boat',
]

export function App() {
  const { session, disconnect } = useValetKey()
  const { usage, refresh } = useUsage()
  const talk = useConversation(refresh)
  const hindrance = useHindrance()
  const models = session ? modelsOf(session.grant) : []
  const [chosen, setChosen] = useState<Model>()
  const model = models.find((one) => one === chosen) ?? models[0]

  const send = (asked: readonly Turn[]) => {
    if (session && model) void talk.ask(session, model, asked)
  }
  const say = (content: string) => {
    send([...talk.turns, { role: 'user', content }])
  }
  const last = talk.turns.findLastIndex(({ role }) => role === 'user')

  return (
    <div className="page">
      <header>
        <Mark />
        <h1>Margin</h1>
        {session && usage && <Spent usage={usage} />}
        {session && (
          <button
            type="button"
            className="quiet"
            onClick={() => {
              talk.clear()
              void disconnect()
            }}
          >
            Disconnect
          </button>
        )}
      </header>
      <main>
        {session ? (
          <Talk turns={talk.turns} isWriting={talk.isWriting} onIdea={say} />
        ) : (
          <Welcome />
        )}
        {hindrance && <Notice trouble={hindrance} />}
        {!hindrance && talk.trouble && (
          <Notice
            trouble={talk.trouble}
            onRetry={() => {
              send(talk.turns.slice(0, last + 1))
            }}
          />
        )}
        {session && !model && (
          <Notice
            trouble={{
              code: 'no-model',
              message: 'You allowed no model this app can work with.',
              action: 'Disconnect, connect again, and allow another provider or model.',
            }}
          />
        )}
      </main>
      {session && model && (
        <Composer
          models={models}
          model={model}
          onModel={setChosen}
          isWriting={talk.isWriting}
          onSend={say}
          onStop={talk.stop}
        />
      )}
    </div>
  )
}

function Welcome() {
  return (
    <section className="welcome">
      <h2>A companion for what you write</h2>
      <p>
        Margin runs on your own AI, with the key you keep in ValetKey. It never sees the key, and
        you set what it may spend.
      </p>
      <ConnectButton className="primary" />
      <p className="small">Nothing you write is kept: it is gone when you close this tab.</p>
    </section>
  )
}

interface TalkProps {
  readonly turns: readonly Turn[]
  readonly isWriting: boolean
  readonly onIdea: (text: string) => void
}

function Talk({ turns, isWriting, onIdea }: TalkProps) {
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' })
  }, [turns])
  if (turns.length === 0) {
    return (
      <section className="welcome">
        <h2>What are you writing?</h2>
        <div className="ideas">
          {IDEAS.map((idea) => (
            <button
              key={idea}
              type="button"
              className="plain"
              onClick={() => {
                onIdea(idea)
              }}
            >
              {idea}
            </button>
          ))}
        </div>
      </section>
    )
  }
  const isWaiting = isWriting && turns.at(-1)?.role === 'user'
  return (
    <section className="talk" aria-label="Conversation" aria-busy={isWriting} role="log">
      {turns.map(({ role, content }, index) => (
        <article key={index} className={role}>
          <h2 className="unseen">{role === 'user' ? 'You' : 'Margin'}</h2>
          {content}
        </article>
      ))}
      {isWaiting && <article className="assistant waiting">Thinking…</article>}
      <div ref={end} />
    </section>
  )
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M5 3v18M10 7h9M10 12h9M10 17h5" />
    </svg>
  )
}
