import { useState, type KeyboardEvent } from 'react'
import type { Model } from './models.ts'

interface ComposerProps {
  readonly models: readonly Model[]
  readonly model: Model
  readonly onModel: (model: Model) => void
  readonly isWriting: boolean
  readonly onSend: (text: string) => void
  readonly onStop: () => void
}

/** Enter sends, Shift and Enter begin a line, Escape stops the answer. */
export function Composer({ models, model, onModel, isWriting, onSend, onStop }: ComposerProps) {
  const [text, setText] = useState('')
  const send = () => {
    if (text.trim() === '' || isWriting) return
    onSend(text.trim())
    setText('')
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onStop()
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="composer"
      aria-label="Message"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label className="unseen" htmlFor="text">
        Message
      </label>
      <textarea
        id="text"
        rows={2}
        autoFocus
        placeholder="Write to Margin"
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
        onKeyDown={press}
      />
      <div className="tools">
        <label className="unseen" htmlFor="model">
          Model
        </label>
        <select
          id="model"
          value={model}
          onChange={(event) => {
            onModel(event.target.value as Model)
          }}
        >
          {models.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        {isWriting ? (
          <button type="button" className="plain" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" className="primary" disabled={text.trim() === ''}>
            Send
          </button>
        )}
      </div>
    </form>
  )
}
