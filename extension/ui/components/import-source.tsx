import { useId, useState } from 'react'
import type { ImportRefusalReason } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { FileButton } from './file-button.tsx'
import { Notice } from './notice.tsx'

interface Props {
  readonly busy: boolean
  /** Why the last file or text was not read. */
  readonly refusal: ImportRefusalReason | null
  /** Whether the person came back here, from where the focus is lost. */
  readonly takesFocus: boolean
  readonly onText: (text: string) => void
  readonly onFile: (file: File) => void
}

/** Where keys come from: a file, or text from the clipboard. */
export function ImportSource({ busy, refusal, takesFocus, onText, onFile }: Props) {
  const words = MESSAGES.transfer
  const id = useId()
  const [text, setText] = useState('')
  return (
    <>
      <p className="mb-3 text-ink2">{words.bringText}</p>
      <FileButton name={words.chooseFile} disabled={busy} autoFocus={takesFocus} onFile={onFile} />
      <form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          if (text !== '') onText(text)
        }}
      >
        <label htmlFor={id} className="mt-4 mb-1 block font-medium">
          {words.paste}
        </label>
        <textarea
          id={id}
          rows={4}
          value={text}
          autoComplete="off"
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          data-1p-ignore=""
          data-lpignore="true"
          data-bwignore=""
          data-form-type="other"
          className="block w-full resize-y rounded-control border border-ink3 bg-paper px-3 py-2 font-mono"
          onChange={(event) => {
            setText(event.target.value)
          }}
        />
        <Button type="submit" className="mt-3" disabled={busy || text === ''}>
          {busy ? words.reading : words.look}
        </Button>
      </form>
      {refusal && (
        <div className="mt-3">
          <Notice tone="stop" {...words.refusals[refusal]} />
        </div>
      )}
    </>
  )
}
