import { DEVICE_WORDS } from '../messages/devices.ts'
import type { useServerAddress } from '../hooks/use-server-address.ts'
import { Notice } from './notice.tsx'
import { ServerField } from './server-field.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly address: ReturnType<typeof useServerAddress>
  readonly accountId: string
  readonly busy: boolean
  readonly onAccountId: (typed: string) => void
}

/** Where the vault is, as it stands on a recovery kit. */
export function AccountFields({ address, accountId, busy, onAccountId }: Props) {
  const words = DEVICE_WORDS.join
  return (
    <>
      <ServerField autoFocus readOnly={busy} {...address.field} />
      {address.isDenied && (
        <div className="mt-3">
          <Notice tone="stop" {...DEVICE_WORDS.server.denied} />
        </div>
      )}
      <TextField
        label={words.account}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
        readOnly={busy}
        value={accountId}
        hint={words.accountHint}
        onType={onAccountId}
      />
    </>
  )
}
