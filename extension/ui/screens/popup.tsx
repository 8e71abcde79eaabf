import { request } from '../background-client.ts'
import { Button } from '../components/button.tsx'
import { ErrorNotice } from '../components/error-notice.tsx'
import { LookalikeAlert } from '../components/lookalike-alert.tsx'
import { Notice } from '../components/notice.tsx'
import { PopupFrame } from '../components/popup-frame.tsx'
import { Section } from '../components/section.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { useLoaded } from '../hooks/use-loaded.ts'
import { openDashboard } from '../open-dashboard.ts'
import { MESSAGES } from '../messages.ts'
import { leaveForWelcome } from '../open-tab.ts'
import { PopupMain } from './popup-main.tsx'

const readStatus = () => request('status.get', { seen: true })

/** The window under the toolbar icon. */
export function Popup() {
  const status = useLoaded(readStatus)

  if (status.state === 'loading') {
    return (
      <PopupFrame>
        <Section title={MESSAGES.site.title} busy>
          <Skeleton rows={1} />
        </Section>
        <Section title={MESSAGES.keys.title} busy>
          <Skeleton rows={2} />
        </Section>
      </PopupFrame>
    )
  }
  if (status.state === 'failed') {
    return (
      <PopupFrame>
        <div className="p-4">
          <ErrorNotice error={status.error} retry={status.retry} />
        </div>
      </PopupFrame>
    )
  }
  switch (status.value.vault) {
    case 'none':
      return (
        <PopupFrame title={MESSAGES.noVault.title} text={MESSAGES.noVault.text}>
          <div className="px-4 pb-4">
            <Button look="primary" className="w-full" onClick={leaveForWelcome}>
              {MESSAGES.noVault.create}
            </Button>
          </div>
        </PopupFrame>
      )
    case 'locked':
      return (
        <PopupFrame title={MESSAGES.unlock.title} text={MESSAGES.unlock.text}>
          <LookalikeAlert />
          <div className="px-4 pb-4">
            <UnlockForm place="popup" />
          </div>
        </PopupFrame>
      )
    case 'damaged':
      return (
        <PopupFrame title={MESSAGES.damaged.title}>
          <div className="px-4 pb-4">
            <Notice tone="stop" {...MESSAGES.damaged} />
            <Button look="primary" className="mt-3 w-full" onClick={() => void openDashboard()}>
              {MESSAGES.faults.popup}
            </Button>
          </div>
        </PopupFrame>
      )
    case 'unlocked':
      return <PopupMain {...status.value} />
  }
}
