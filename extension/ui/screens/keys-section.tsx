import { request } from '../background-client.ts'
import { KeyList } from '../components/key-list.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { MESSAGES } from '../messages.ts'

const readKeys = async () => (await request('key.list', {})).keys

/** The provider keys of the vault. */
export function KeysSection() {
  const keys = useLoaded(readKeys)
  return (
    <>
      <h1 className="text-question font-bold tracking-tight">{MESSAGES.dashboard.sections.keys}</h1>
      <div className="mt-4 max-w-240 overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
        <KeyList keys={keys} />
      </div>
    </>
  )
}
