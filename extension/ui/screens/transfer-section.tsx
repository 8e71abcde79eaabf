import { BackupPanel } from '../components/backup-panel.tsx'
import { Card } from '../components/card.tsx'
import { DropHint } from '../components/drop-hint.tsx'
import { ErasePanel } from '../components/erase-panel.tsx'
import { ExportPanel } from '../components/export-panel.tsx'
import { ImportPanel } from '../components/import-panel.tsx'
import { useBrought } from '../hooks/use-brought.ts'
import { MESSAGES } from '../messages.ts'

/** Keys in, keys out, the backup, and the end of it all. */
export function TransferSection() {
  const { brought, isOver } = useBrought()
  return (
    <>
      {isOver && <DropHint />}
      <h1 className="text-question font-bold tracking-tight">
        {MESSAGES.dashboard.sections.transfer}
      </h1>
      <Card>
        <ImportPanel brought={brought} />
      </Card>
      <Card>
        <BackupPanel />
        <ExportPanel />
      </Card>
      <Card>
        <ErasePanel />
      </Card>
    </>
  )
}
