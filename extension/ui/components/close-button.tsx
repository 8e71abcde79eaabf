import { MESSAGES } from '../messages.ts'
import { Button } from './button.tsx'

/** Closes the window that has nothing more to ask. */
export function CloseButton({ small = false }: { readonly small?: boolean }) {
  return (
    <Button
      small={small}
      look={small ? 'paper' : 'primary'}
      onClick={() => {
        window.close()
      }}
    >
      {small ? MESSAGES.capture.close : MESSAGES.capture.done}
    </Button>
  )
}
