import type { ProviderId } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import type { TypedBase } from '../own-server.ts'
import { providerPlaces } from '../provider-facts.ts'
import { CheckRow } from './check-row.tsx'
import { Notice } from './notice.tsx'
import { TextField } from './text-field.tsx'

interface Props {
  readonly provider: ProviderId
  readonly typed: string
  readonly read: TypedBase
  /** Whether the person tried to save already: an empty box is no mistake before. */
  readonly asked: boolean
  readonly agreed: boolean
  readonly onType: (text: string) => void
  readonly onAgree: (agreed: boolean) => void
}

/** Where a server of the person's own stands, and the yes that one in their own network needs. */
export function OwnServerField(props: Props) {
  const { provider, typed, read, asked, agreed, onType, onAgree } = props
  const words = MESSAGES.ownServer
  const { required, example } = providerPlaces(provider)
  const refusal = read.kind === 'refused' && (asked || typed !== '') ? read.reason : null
  return (
    <>
      <TextField
        label={required ? words.address : words.addressOptional}
        type="url"
        inputMode="url"
        autoComplete="off"
        value={typed}
        hint={refusal ?? words.hint(example)}
        wrong={refusal !== null}
        onType={onType}
      />
      {read.kind === 'fit' && read.reach !== 'public' && (
        <div className="mt-3">
          <Notice
            tone="warn"
            {...(read.reach === 'this-computer'
              ? words.thisComputer(read.origin)
              : words.ownNetwork(read.origin))}
          />
          <CheckRow label={words.agree} checked={agreed} onChange={onAgree} />
          {asked && !agreed && (
            <p role="alert" className="text-small text-stop">
              {words.agreeFirst}
            </p>
          )}
        </div>
      )}
      {read.kind === 'fit' && read.reach === 'public' && read.ownPort && (
        <p className="mt-1 text-small text-warn">{words.port}</p>
      )}
    </>
  )
}
