import { NO_KEY_REASONS } from '@valetkey/wallet/protocol'
import { Button } from '../components/button.tsx'
import { CloseButton } from '../components/close-button.tsx'
import { Notice } from '../components/notice.tsx'
import { WindowPage } from '../components/window-page.tsx'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'

/** Why nothing of a selection can be saved. */
export function NoKey({ reason: named }: { readonly reason: string }) {
  const words = MESSAGES.capture
  const reason = NO_KEY_REASONS.find((each) => each === named) ?? 'none'
  return (
    <WindowPage title={words.title}>
      <main className="flex-1 p-4">
        <h1 className="sr-only">{words.title}</h1>
        <Notice tone="plain" {...words.selection[reason]}>
          <CloseButton small />
          {reason === 'several' && (
            <Button look="paper" small onClick={() => void openDashboard('transfer')}>
              {words.openImport}
            </Button>
          )}
        </Notice>
      </main>
    </WindowPage>
  )
}
