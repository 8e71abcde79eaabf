import { useEffect, useRef, type RefObject } from 'react'
import type { WalletStatus } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { DamagedEntries } from '../components/damaged-entries.tsx'
import { DashboardNav } from '../components/dashboard-nav.tsx'
import { ErrorNotice } from '../components/error-notice.tsx'
import { FormSkeleton } from '../components/form-skeleton.tsx'
import { KitReminder } from '../components/kit-reminder.tsx'
import { MadeKitSteps } from '../components/made-kit-steps.tsx'
import { RecoverForm } from '../components/recover-form.tsx'
import { Notice } from '../components/notice.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { WelcomeFrame } from '../components/welcome-frame.tsx'
import { DASHBOARD_SECTIONS } from '../dashboard-sections.ts'
import { useLoaded, type Loaded } from '../hooks/use-loaded.ts'
import { useMadeKit } from '../hooks/use-made-kit.ts'
import { linkTo, useRoute } from '../hooks/use-route.ts'
import { ShowKit } from '../made-kit.ts'
import { MESSAGES } from '../messages.ts'
import { Recovery } from './recovery.tsx'

const readRecovery = () => request('recovery.get', {})
const readStatus = () => request('status.get', {})

/** The tab where everything of the wallet is looked after. */
export function Dashboard() {
  const status = useLoaded(readStatus)
  const [made, setMade] = useMadeKit(status.state === 'ready' ? status.value.vault : null)
  if (made) {
    const leave = () => {
      setMade(null)
      location.hash = linkTo(made.from ?? 'security')
    }
    return <MadeKitSteps made={made} onDone={leave} />
  }
  return (
    <ShowKit value={setMade}>
      <AnyDashboard status={status} />
    </ShowKit>
  )
}

function AnyDashboard({ status }: { readonly status: Loaded<WalletStatus> }) {
  const wasLocked = useRef(false)
  const isLocked = status.state === 'ready' && status.value.vault === 'locked'
  useEffect(() => {
    if (isLocked) wasLocked.current = true
  }, [isLocked])
  if (status.state === 'loading') {
    return (
      <WelcomeFrame title={MESSAGES.product}>
        <div className="mt-3" aria-busy="true">
          <FormSkeleton boxes={1} />
        </div>
      </WelcomeFrame>
    )
  }
  if (status.state === 'failed') {
    return (
      <WelcomeFrame title={MESSAGES.product}>
        <div className="mt-3">
          <ErrorNotice error={status.error} retry={status.retry} />
        </div>
      </WelcomeFrame>
    )
  }
  switch (status.value.vault) {
    case 'none':
      return (
        <WelcomeFrame title={MESSAGES.noVault.title} text={MESSAGES.noVault.text}>
          <a
            href="/welcome.html"
            className="mt-4 flex min-h-9 items-center justify-center rounded-control bg-ink px-3.5 py-1 font-medium text-paper hover:opacity-90"
          >
            {MESSAGES.noVault.create}
          </a>
        </WelcomeFrame>
      )
    case 'locked':
      return <LockedDashboard />
    case 'damaged':
      return <Recovery />
    case 'unlocked':
      return <OpenDashboard status={status.value} wasLocked={wasLocked} />
  }
}

function LockedDashboard() {
  const { section } = useRoute()
  const found = useLoaded(readRecovery)
  if (section === 'recover') return <RecoverForm />
  // A table that was cut short may have lost what the passphrase opens: it would never be right.
  const examined = found.state === 'ready' ? found.value : null
  if (examined?.state === 'present' && !examined.hasPassphrase) return <Recovery />
  return (
    <WelcomeFrame title={MESSAGES.unlock.title} text={MESSAGES.unlock.text}>
      <UnlockForm place="tab" byPasskey={section === 'unlock'} />
    </WelcomeFrame>
  )
}

interface OpenProps {
  readonly status: WalletStatus
  /** Whether this window has seen the vault locked. */
  readonly wasLocked: RefObject<boolean>
}

function OpenDashboard({ status: { kitKept, updateWaits }, wasLocked }: OpenProps) {
  const { section, item } = useRoute()
  const [first] = DASHBOARD_SECTIONS
  const { id, title, Screen } = DASHBOARD_SECTIONS.find((place) => place.id === section) ?? first
  const main = useRef<HTMLElement>(null)
  const before = useRef(id)

  useEffect(() => {
    document.title = MESSAGES.dashboard.tabTitle(title)
    // A keyboard or screen reader goes on where the link led to, not in the navigation.
    if (before.current !== id) main.current?.focus()
    before.current = id
  }, [id, title])

  // The box of the passphrase is gone, and the focus with it.
  useEffect(() => {
    if (wasLocked.current) main.current?.focus()
  }, [wasLocked])

  return (
    <div className="md:grid md:grid-cols-[224px_minmax(0,1fr)]">
      <DashboardNav current={id} />
      <main ref={main} tabIndex={-1} className="min-w-0 p-4 outline-none md:p-6">
        {!kitKept && id !== 'security' && (
          <div className="mb-4">
            <KitReminder>
              <a
                href={linkTo('security')}
                className="flex min-h-8 items-center rounded-control bg-paper px-3 font-medium"
              >
                {MESSAGES.kit.reminder.open}
              </a>
            </KitReminder>
          </div>
        )}
        {updateWaits && (
          <div className="mb-4">
            <Notice tone="plain" {...MESSAGES.updateWaits} />
          </div>
        )}
        <DamagedEntries offersPlace={id !== 'transfer'} />
        <Screen item={item} />
      </main>
    </div>
  )
}
