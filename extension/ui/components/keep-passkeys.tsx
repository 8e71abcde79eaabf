import { MESSAGES } from '../messages.ts'
import { CheckRow } from './check-row.tsx'

interface Props {
  readonly count: number
  readonly keeps: boolean
  readonly onChange: (keeps: boolean) => void
}

/** Under a new root key only passkeys that are touched go on opening the vault. */
export function KeepPasskeys({ count, keeps, onChange }: Props) {
  const words = MESSAGES.security.rotation
  if (count === 0) return null
  return (
    <div className="mt-2">
      <CheckRow label={words.touch(count)} checked={keeps} onChange={onChange} />
      <p className="text-small text-ink2">{words.touchHint}</p>
    </div>
  )
}
