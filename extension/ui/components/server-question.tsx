import { DEVICE_WORDS } from '../messages/devices.ts'
import { useServerAddress } from '../hooks/use-server-address.ts'
import { Notice } from './notice.tsx'
import { PassphraseQuestion } from './passphrase-question.tsx'
import { ServerError } from './server-error.tsx'
import { ServerField } from './server-field.tsx'

interface Props {
  readonly submit: string
  readonly busyText: string
  /** The browser may reach the server by then. */
  readonly onAnswer: (server: string, passphrase: string) => Promise<void>
}

/** Asks for a server and the passphrase, and the browser for its permission. */
export function ServerQuestion({ submit, busyText, onAnswer }: Props) {
  const address = useServerAddress()
  return (
    <PassphraseQuestion
      {...{ submit, busyText }}
      isReady={address.isFit}
      notice={(error) => <ServerError error={error} />}
      above={<ServerField autoFocus {...address.field} />}
      below={
        address.isDenied && (
          <div className="mt-3">
            <Notice tone="stop" {...DEVICE_WORDS.server.denied} />
          </div>
        )
      }
      onAnswer={async (passphrase) => {
        const server = await address.permitted()
        if (server !== null) await onAnswer(server, passphrase)
      }}
    />
  )
}
