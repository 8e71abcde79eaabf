import { useEffect } from 'react'
import type { RecoveryKit } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { saveAsFile } from '../save-as-file.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'
import { QrCode } from './qr-code.tsx'

interface Props {
  readonly kit: RecoveryKit
  readonly onKept: () => void
}

/** The recovery kit, shown this once. Leaving before it is kept is asked about. */
export function RecoveryKitCard({ kit, onKept }: Props) {
  const words = MESSAGES.kit
  useAskBeforeLeaving()
  return (
    <>
      <div
        data-testid="recovery-kit"
        className="print-alone mt-4 grid gap-3 rounded-card border border-dashed border-brass/45 bg-brass-soft p-4"
      >
        <p className="print-only text-question font-bold">{words.printTitle}</p>
        <KitLine label={words.secretKey} name="secret-key" value={kit.secretKey}>
          {words.secretKeyUse}
        </KitLine>
        <KitLine label={words.recoveryKey} name="recovery-key" value={kit.recoveryKey}>
          {words.recoveryKeyUse}
        </KitLine>
        <KitLine label={words.account} name="account" value={kit.accountId} />
        {kit.server !== undefined && (
          <KitLine label={words.server} name="server" value={kit.server}>
            {words.serverUse}
          </KitLine>
        )}
        <QrCode
          text={qrText(kit)}
          label={kit.server === undefined ? words.qr : words.qrWithServer}
        />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          onClick={() => {
            window.print()
          }}
        >
          {words.print}
        </Button>
        <Button
          onClick={() => {
            saveAsFile(words.fileName, words.file(kit))
          }}
        >
          {words.save}
        </Button>
      </div>
      <div className="mt-3">
        <Notice tone="warn" message={words.warning} />
      </div>
      <Button look="primary" className="mt-4 w-full" onClick={onKept}>
        {words.kept}
      </Button>
    </>
  )
}

/** The two keys come first, as on a kit without a server. */
function qrText({ secretKey, recoveryKey, accountId, server }: RecoveryKit): string {
  const keys = [secretKey, recoveryKey]
  return (server === undefined ? keys : [...keys, accountId, server]).join('\n')
}

interface LineProps {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly children?: string
}

function KitLine({ label, name, value, children }: LineProps) {
  return (
    <div>
      <p className="text-group font-bold text-ink2">{label}</p>
      <p data-testid={name} className="mt-1 font-mono text-body break-words">
        {value}
      </p>
      {children !== undefined && <p className="mt-1 text-small text-ink2">{children}</p>}
    </div>
  )
}

function useAskBeforeLeaving(): void {
  useEffect(() => {
    const hold = (event: BeforeUnloadEvent) => {
      event.preventDefault()
    }
    window.addEventListener('beforeunload', hold)
    return () => {
      window.removeEventListener('beforeunload', hold)
    }
  }, [])
}
