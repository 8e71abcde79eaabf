import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'
import { keyName } from '../provider-facts.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeyPageLink } from './key-page-link.tsx'
import { Skeleton } from './skeleton.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

const readKeys = async () => (await request('key.list', {})).keys

interface Props {
  /** Who has them, and what to do, where no passphrase leaked. */
  readonly text?: string
  readonly onDone: () => void
}

/** After a leak: the keys to be made anew, and where. */
export function ReissueKeys({ text, onDone }: Props) {
  const words = MESSAGES.security.reissue
  const keys = useLoaded(readKeys)
  const isEmpty = keys.state === 'ready' && keys.value.length === 0
  return (
    <WelcomeFrame title={words.title} text={isEmpty ? words.none : (text ?? words.text)} takesFocus>
      <div className="mt-3" aria-busy={keys.state === 'loading'}>
        {keys.state === 'loading' && <Skeleton rows={2} />}
        {keys.state === 'failed' && <ErrorNotice error={keys.error} retry={keys.retry} />}
        {keys.state === 'ready' && (
          <ul>
            {keys.value.map((key) => (
              <li
                key={key.id}
                className="flex min-h-11 flex-wrap items-center gap-x-3 not-first:border-t not-first:border-line"
              >
                <span className="min-w-0 flex-1 font-medium">{keyName(key)}</span>
                <KeyPageLink provider={key.provider} text={words.page} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Button look="primary" className="mt-4 w-full" onClick={onDone}>
        {words.done}
      </Button>
    </WelcomeFrame>
  )
}
