import { useState } from 'react'
import type { ImportRefusalReason } from '@valetkey/wallet/protocol'
import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'
import { FileButton } from './file-button.tsx'
import { Form } from './form.tsx'
import { Notice } from './notice.tsx'
import { TextArea } from './text-area.tsx'

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
  const [text, setText] = useState('')
  return (
    <>
      <p className="mb-3 text-ink2">{words.bringText}</p>
      <FileButton name={words.chooseFile} disabled={busy} autoFocus={takesFocus} onFile={onFile} />
      <Form
        onSubmit={() => {
          if (text !== '') onText(text)
        }}
      >
        <TextArea
          label={words.paste}
          rows={4}
          className="resize-y font-mono"
          value={text}
          onType={setText}
        />
        <Button type="submit" className="mt-3" disabled={busy || text === ''}>
          {busy ? words.reading : words.look}
        </Button>
      </Form>
      {refusal && (
        <div className="mt-3">
          <Notice tone="stop" {...words.refusals[refusal]} />
        </div>
      )}
    </>
  )
}
