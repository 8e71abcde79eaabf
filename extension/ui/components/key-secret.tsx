import { useState } from 'react'
import type { KeySummary } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { useAction } from '../hooks/use-action.ts'
import { MESSAGES } from '../messages.ts'
import { onEscape } from '../on-escape.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { KeyReplace } from './key-replace.tsx'
import { KeyReveal } from './key-reveal.tsx'
import { KeyTestNotice } from './key-test-notice.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'

type Open = 'nothing' | 'replace' | 'reveal' | 'tested' | 'replaced'

/** The key itself: tested, replaced in place, shown for a moment. */
export function KeySecret({ summary }: { readonly summary: KeySummary }) {
  const words = MESSAGES.dashboardKeys.secret
  const [open, setOpen] = useState<Open>('nothing')
  const { busy, error, run } = useAction()
  const { id: keyId, provider, lastTest } = summary
  const close = () => {
    setOpen('nothing')
  }

  return (
    <Section title={words.title}>
      <div className="flex flex-wrap gap-2">
        <Button
          small
          disabled={busy}
          onClick={() => {
            run(async () => {
              await request('key.check', { keyId })
              setOpen('tested')
            })
          }}
        >
          {busy ? MESSAGES.keys.testing : MESSAGES.keys.test}
        </Button>
        <Button
          small
          aria-expanded={open === 'replace'}
          onClick={() => {
            setOpen(open === 'replace' ? 'nothing' : 'replace')
          }}
        >
          {words.replace}
        </Button>
        <Button
          small
          aria-expanded={open === 'reveal'}
          onClick={() => {
            setOpen(open === 'reveal' ? 'nothing' : 'reveal')
          }}
        >
          {open === 'reveal' ? words.hide : words.show}
        </Button>
      </div>
      <div className="mt-3 empty:hidden">
        {error && <ErrorNotice error={error} />}
        {open === 'tested' && lastTest && (
          <KeyTestNotice provider={provider} outcome={lastTest.outcome} />
        )}
        {open === 'replaced' && <Notice tone="go" message={words.replaced} />}
        {open === 'replace' && (
          <KeyReplace
            summary={summary}
            onReplaced={() => {
              setOpen('replaced')
            }}
            onCancel={close}
          />
        )}
        {open === 'reveal' && (
          <div onKeyDown={onEscape(close)}>
            <KeyReveal keyId={keyId} onHide={close} />
          </div>
        )}
      </div>
    </Section>
  )
}
