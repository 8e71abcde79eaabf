import { useState } from 'react'
import type { OwnApp, OwnAppKind } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { DEVELOPER_WORDS } from '../messages/developer.ts'
import { EMPTY_APP } from '../own-app-draft.ts'
import { ChoiceBar } from './choice-bar.tsx'
import { OwnAppForm } from './own-app-form.tsx'

/** An app and its secret, which nobody is told again; null: it has none. */
export interface MadeApp {
  readonly app: OwnApp
  readonly secret: string | null
}

/** A new app, of one of two kinds. */
export function OwnAppRegister({ onMade }: { readonly onMade: (made: MadeApp) => void }) {
  const words = DEVELOPER_WORDS
  const [kind, setKind] = useState<OwnAppKind>('server')
  return (
    <div className="p-4 pt-2">
      <ChoiceBar
        label={words.kind}
        value={kind}
        choices={[
          { value: 'server', label: words.kinds.server },
          { value: 'program', label: words.kinds.program },
        ]}
        onChange={setKind}
      />
      <p className="mt-2 text-small text-ink2">{words.kindHints[kind]}</p>
      <OwnAppForm
        kind={kind}
        start={EMPTY_APP}
        submit={words.form.submit}
        onDraft={async (draft) => {
          onMade(await request('own_app.register', { kind, draft }))
        }}
      />
    </div>
  )
}
