import type { StrengthLevel } from '@valetkey/wallet/vault/strength'

const LEVELS: readonly StrengthLevel[] = ['weak', 'fair', 'good', 'strong']
const TONES: Record<StrengthLevel, string> = {
  weak: 'bg-stop',
  fair: 'bg-warn',
  good: 'bg-go',
  strong: 'bg-go',
}

/** Four bars, as many filled as the passphrase deserves. The sentence below the box says the same. */
export function StrengthMeter({ level }: { readonly level: StrengthLevel | null }) {
  const reached = level === null ? -1 : LEVELS.indexOf(level)
  return (
    <div aria-hidden="true" className="mt-1.5 grid grid-cols-4 gap-1">
      {LEVELS.map((each, index) => (
        <span
          key={each}
          className={`h-1 rounded-full ${level !== null && index <= reached ? TONES[level] : 'bg-line'}`}
        />
      ))}
    </div>
  )
}
