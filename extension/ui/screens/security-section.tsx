import { request } from '../background-client.ts'
import { ErrorNotice } from '../components/error-notice.tsx'
import { KitSecurity } from '../components/kit-security.tsx'
import { LockSecurity } from '../components/lock-security.tsx'
import { PasskeysSecurity } from '../components/passkeys-security.tsx'
import { PassphraseSecurity } from '../components/passphrase-security.tsx'
import { PhraseSecurity } from '../components/phrase-security.tsx'
import { RotationSecurity } from '../components/rotation-security.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { usePasskeys } from '../hooks/use-passkeys.ts'
import { MESSAGES } from '../messages.ts'

const readSecurity = async () => {
  const { kitKept } = await request('status.get', {})
  return { kitKept, ...(await request('protection.get', {})) }
}

/** What opens the vault, and when it locks. */
export function SecuritySection() {
  const status = useLoaded(readSecurity)
  const passkeys = usePasskeys()
  return (
    <>
      <h1 className="text-question font-bold tracking-tight">
        {MESSAGES.dashboard.sections.security}
      </h1>
      <div className="mt-4 max-w-180 overflow-hidden rounded-window bg-paper shadow-[0_0_0_1px_var(--line)]">
        {status.state === 'loading' && (
          <div className="p-4" aria-busy="true">
            <Skeleton rows={4} />
          </div>
        )}
        {status.state === 'failed' && <ErrorNotice error={status.error} retry={status.retry} />}
        {status.state === 'ready' && (
          <>
            <KitSecurity kitKept={status.value.kitKept} />
            <PassphraseSecurity />
            <PasskeysSecurity passkeys={passkeys} />
            <LockSecurity lock={status.value.lock} hasPasskey={passkeys.length > 0} />
            <PhraseSecurity phrase={status.value.phrase} />
            <RotationSecurity passkeys={passkeys} />
          </>
        )}
      </div>
    </>
  )
}
