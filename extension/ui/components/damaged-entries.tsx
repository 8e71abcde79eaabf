import { request } from '../background-client.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { linkTo } from '../hooks/use-route.ts'
import { MESSAGES } from '../messages.ts'
import { Notice } from './notice.tsx'

const readRecovery = () => request('recovery.get', {})

/** Entries that cannot be read are not simply missing: the person is told, wherever they are. */
export function DamagedEntries({ offersPlace }: { readonly offersPlace: boolean }) {
  const words = MESSAGES.faults.entries
  const found = useLoaded(readRecovery)
  const count =
    found.state === 'ready' && found.value.state === 'open' ? found.value.damagedCount : 0
  if (count === 0) return null
  return (
    <div className="mb-4">
      <Notice tone="warn" message={words.message(count)} action={words.action}>
        {offersPlace && (
          <a
            href={linkTo('transfer')}
            className="flex min-h-8 items-center rounded-control bg-paper px-3 font-medium"
          >
            {words.open}
          </a>
        )}
      </Notice>
    </div>
  )
}
