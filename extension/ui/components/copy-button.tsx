import { useCopy } from '../hooks/use-copy.ts'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'

/** Copies `text`; says so for two seconds, also to a screen reader. */
export function CopyButton({ text }: { readonly text: string }) {
  const { outcome, copy } = useCopy(text)
  return (
    <span className="shrink-0">
      <Button look="paper" onClick={copy} className="grid place-content-center">
        {/* Both words share one cell, so that the button keeps its width. */}
        <span className={`col-start-1 row-start-1 ${outcome === 'copied' ? 'invisible' : ''}`}>
          {MESSAGES.copy}
        </span>
        <span className={`col-start-1 row-start-1 ${outcome === 'copied' ? '' : 'invisible'}`}>
          {MESSAGES.copied}
        </span>
      </Button>
      <span role="status" className="sr-only">
        {outcome === 'copied' && MESSAGES.copied}
        {outcome === 'failed' && MESSAGES.copyFailed}
      </span>
    </span>
  )
}
