import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { CaptureForm } from '../components/capture-form.tsx'
import { CaptureSaved, type SavedCapture } from '../components/capture-saved.tsx'
import { CaptureSubject } from '../components/capture-subject.tsx'
import { CloseButton } from '../components/close-button.tsx'
import { FormSkeleton } from '../components/form-skeleton.tsx'
import { Notice } from '../components/notice.tsx'
import { UnlockForm } from '../components/unlock-form.tsx'
import { WindowPage } from '../components/window-page.tsx'
import { useCapture } from '../hooks/use-capture.ts'
import { MESSAGES } from '../messages.ts'
import { leaveForWelcome } from '../open-tab.ts'

/** The window that asks whether a key that was picked up is saved. Closing it forgets the key. */
export function Capture({ id }: { readonly id: string }) {
  const words = MESSAGES.capture
  const asked = useCapture(id)
  const [saved, setSaved] = useState<SavedCapture | null>(null)

  if (saved) {
    return (
      <WindowPage title={words.savedTitle}>
        <CaptureSaved {...saved} />
      </WindowPage>
    )
  }
  if (typeof asked === 'string') {
    return (
      <WindowPage title={words.title}>
        <main className="flex-1 p-4" aria-busy={asked === 'loading' || undefined}>
          <h1 className="sr-only">{words.title}</h1>
          {asked === 'loading' ? (
            <FormSkeleton boxes={4} />
          ) : (
            <Notice tone="plain" {...words.forgotten}>
              <CloseButton small />
            </Notice>
          )}
        </main>
      </WindowPage>
    )
  }
  const { key, vault } = asked
  if (key.vault) {
    return (
      <WindowPage title={words.title} until={key.forgottenAt}>
        <CaptureForm asked={key} known={key.vault} onSaved={setSaved} />
      </WindowPage>
    )
  }
  return (
    <WindowPage title={words.title} until={key.forgottenAt}>
      <main className="flex-1">
        <CaptureSubject asked={key} />
        <section className="border-t border-line p-4">
          {vault === 'none' ? (
            <Notice tone="plain" {...words.noVault}>
              <Button look="paper" small onClick={leaveForWelcome}>
                {words.createVault}
              </Button>
            </Notice>
          ) : (
            <>
              <h2 className="font-bold">{words.lockedTitle}</h2>
              <UnlockForm />
            </>
          )}
        </section>
      </main>
    </WindowPage>
  )
}
