import { Card } from '../components/card.tsx'
import { DiagnosticsPanel } from '../components/diagnostics-panel.tsx'
import { MESSAGES } from '../messages.ts'

/** What one tells who mends it. */
export function AboutSection() {
  return (
    <>
      <h1 className="text-question font-bold tracking-tight">
        {MESSAGES.dashboard.sections.about}
      </h1>
      <Card>
        <DiagnosticsPanel />
      </Card>
    </>
  )
}
