import { useRef } from 'react'
import { Button } from './button.tsx'

interface Props {
  readonly name: string
  readonly disabled?: boolean
  readonly autoFocus?: boolean
  readonly onFile: (file: File) => void
}

/** Opens the browser's own dialog for one file, and forgets it once it is handed on. */
export function FileButton({ name, disabled = false, autoFocus = false, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={name}
        onChange={(event) => {
          const [file] = event.target.files ?? []
          // The same file can be chosen again.
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
      <Button disabled={disabled} autoFocus={autoFocus} onClick={() => input.current?.click()}>
        {name}
      </Button>
    </>
  )
}
