import { request } from '../background-client.ts'
import { useShowKit } from '../made-kit.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { SecurityCard } from './security-card.tsx'
import { ServerQuestion } from './server-question.tsx'

/** A vault that is on this device alone: what sync is, and its beginning. */
export function SyncSetUp() {
  const words = DEVICE_WORDS.setUp
  const show = useShowKit()
  return (
    <SecurityCard
      title={words.title}
      text={words.text}
      open={words.open}
      form={() => (
        <>
          <p className="mt-3">{words.explain}</p>
          <ServerQuestion
            submit={words.submit}
            busyText={words.busy}
            onAnswer={async (server, passphrase) => {
              const made = await request('sync.sign_up', { server, passphrase })
              show({ ...made, lostPasskeys: 0, leaked: false, from: 'devices' })
            }}
          />
        </>
      )}
    >
      <p className="text-ink2">{words.own}</p>
      <p className="mt-2">
        <code className="inline-block rounded-chip bg-sunken px-2 py-1 font-mono">
          {words.command}
        </code>
      </p>
      <p className="mt-2 text-small text-ink2">{words.guide}</p>
    </SecurityCard>
  )
}
