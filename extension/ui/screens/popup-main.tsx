import { useState } from 'react'
import type { WalletStatus } from '@valetkey/wallet/protocol'
import { Lock, Pause, Play } from 'lucide-react'
import { judgeBrought } from '../brought.ts'
import { request } from '../background-client.ts'
import { AddKeyPanel } from '../components/add-key-panel.tsx'
import { AppNotices } from '../components/app-notices.tsx'
import { Button } from '../components/button.tsx'
import { DropHint } from '../components/drop-hint.tsx'
import { ErrorNotice } from '../components/error-notice.tsx'
import { ExpiryNotice } from '../components/expiry-notice.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { ImportPanel } from '../components/import-panel.tsx'
import { KeyList } from '../components/key-list.tsx'
import { KitReminder } from '../components/kit-reminder.tsx'
import { Notice } from '../components/notice.tsx'
import { PopupFrame } from '../components/popup-frame.tsx'
import { Section } from '../components/section.tsx'
import { SiteSection } from '../components/site-section.tsx'
import { SyncTrouble } from '../components/sync-trouble.tsx'
import { useAction } from '../hooks/use-action.ts'
import { useBrought } from '../hooks/use-brought.ts'
import { useLoaded } from '../hooks/use-loaded.ts'
import { useSite } from '../hooks/use-site.ts'
import { MESSAGES } from '../messages.ts'
import { openDashboard } from '../open-dashboard.ts'

const readKeys = async () =>
  (await request('key.list', {})).keys.filter(({ archived }) => !archived)

const openApp = (grantId: string) => {
  void openDashboard('apps', grantId)
}

type Props = Pick<WalletStatus, 'paused' | 'updateWaits' | 'kitKept'>

const openKey = (keyId: string | null) => {
  void openDashboard('keys', keyId ?? '')
}

/** The popup of an open vault: this site, the keys, and what stops everything. */
export function PopupMain({ paused, updateWaits, kitKept }: Props) {
  const [addsKey, setAddsKey] = useState(false)
  const [address, setAddress] = useSite()
  const keys = useLoaded(readKeys)
  const { error, run } = useAction()
  const { brought, isOver, forget } = useBrought({ pastes: true })
  const judged = brought && judgeBrought(brought)
  const hasKeys = keys.state !== 'ready' || keys.value.length > 0

  const pause = () => {
    run(async () => {
      await request('wallet.pause', { paused: !paused })
    })
  }
  const lock = () => {
    run(async () => {
      await request('vault.lock', {})
    })
  }
  const close = () => {
    setAddsKey(false)
    forget()
  }

  const buttons = (
    <>
      <IconButton
        icon={paused ? Play : Pause}
        name={paused ? MESSAGES.header.resumeAll : MESSAGES.header.pauseAll}
        onClick={pause}
      />
      <IconButton icon={Lock} name={MESSAGES.header.lock} onClick={lock} />
    </>
  )
  return (
    <PopupFrame buttons={buttons}>
      {isOver && <DropHint />}
      <div className="grid gap-2 p-4 empty:hidden">
        {error && <ErrorNotice error={error} />}
        {judged?.kind === 'refused' && <Notice tone="plain" message={judged.reason} />}
        {updateWaits && <Notice tone="plain" {...MESSAGES.updateWaits} />}
        {paused && <Notice tone="warn" {...MESSAGES.pausedAll} />}
        {!kitKept && (
          <KitReminder>
            <Button
              small
              look="paper"
              onClick={() => {
                void openDashboard('security')
              }}
            >
              {MESSAGES.kit.reminder.open}
            </Button>
          </KitReminder>
        )}
        <SyncTrouble />
        {keys.state === 'ready' && <ExpiryNotice keys={keys.value} onOpen={openKey} />}
      </div>
      <div className="px-4 pb-4 empty:hidden">
        <AppNotices onLook={openApp} />
      </div>
      {brought && judged?.kind === 'several' ? (
        <ImportPanel brought={brought} onLeave={close} />
      ) : addsKey || judged?.kind === 'one' ? (
        <Section title={MESSAGES.addKey.title}>
          <AddKeyPanel
            key={judged?.kind === 'one' ? judged.text : ''}
            onDone={close}
            {...(judged?.kind === 'one' && { given: judged.text })}
          />
        </Section>
      ) : (
        <>
          <SiteSection address={address} hasKeys={hasKeys} onNamed={setAddress} />
          <KeyList keys={keys} />
          <footer className="flex gap-2 border-t border-line px-4 py-3">
            <Button
              look="primary"
              className="flex-1"
              onClick={() => {
                setAddsKey(true)
              }}
            >
              {MESSAGES.keys.add}
            </Button>
            <Button
              onClick={() => {
                void openDashboard()
              }}
            >
              {MESSAGES.dashboard.open}
            </Button>
          </footer>
        </>
      )}
    </PopupFrame>
  )
}
