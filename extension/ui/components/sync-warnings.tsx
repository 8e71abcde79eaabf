import type { SyncStateView } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { linkTo } from '../hooks/use-route.ts'
import { DEVICE_WORDS } from '../messages/devices.ts'
import { problemWords } from '../sync-sentence.ts'
import { dateForPeople } from '../time-left.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { ServerError } from './server-error.tsx'

interface Props {
  readonly state: SyncStateView
  readonly now: number
  readonly onRestore: () => void
}

/** What a person has to know or do before they trust what this device shows; nothing while all is well. */
export function SyncWarnings({ state, now, onRestore }: Props) {
  const words = DEVICE_WORDS
  const { problem, recoveredAt, isSilent, isFreshnessKnown, headCode } = state
  return (
    <div className="mt-4 grid max-w-180 gap-2 empty:hidden">
      {problem && (
        <Notice {...problemWords(problem, now)}>
          {problem.code === 'sync.rollback' && (
            <Button small look="paper" onClick={onRestore}>
              {words.problems.rollback.restore}
            </Button>
          )}
        </Notice>
      )}
      {recoveredAt !== null && (
        <Notice
          tone="warn"
          message={words.recovered.message(dateForPeople(recoveredAt, now))}
          action={words.recovered.action}
        >
          <a
            href={linkTo('security')}
            className="flex min-h-8 items-center rounded-control bg-paper px-3 font-medium"
          >
            {words.recovered.open}
          </a>
        </Notice>
      )}
      {!isFreshnessKnown && headCode !== null && <Freshness headCode={headCode} {...words.fresh} />}
      {isFreshnessKnown && isSilent && headCode !== null && (
        <Freshness headCode={headCode} {...words.silent} />
      )}
    </div>
  )
}

interface FreshnessProps {
  readonly headCode: string
  readonly message: string
  readonly action: string
}

/**
 * Protocols §1: let in without another device, or long without a word of one, this device cannot tell an old state
 * from the newest.
 */
function Freshness({ headCode, message, action }: FreshnessProps) {
  const words = DEVICE_WORDS.fresh
  const { busy, error, run } = useAction()
  return (
    <Notice tone="warn" message={message} action={action}>
      <p className="basis-full">
        <span className="block text-group font-bold text-ink2">{words.code}</span>
        <span className="block font-mono text-question break-words">{headCode}</span>
        <span className="block text-small text-ink2">{words.hint}</span>
      </p>
      <Button
        small
        look="paper"
        disabled={busy}
        onClick={() => {
          run(async () => {
            await request('sync.confirm_fresh', {})
          })
        }}
      >
        {words.same}
      </Button>
      {error && <ServerError error={error} />}
    </Notice>
  )
}
