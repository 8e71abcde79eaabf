import type { LucideIcon } from 'lucide-react'

const TONES = {
  go: 'bg-go-soft text-go',
  warn: 'bg-warn-soft text-warn',
  stop: 'bg-stop-soft text-stop',
  plain: 'bg-sunken text-ink2',
} as const
export type PillTone = keyof typeof TONES

interface Props {
  readonly tone: PillTone
  readonly icon: LucideIcon
  readonly word: string
}

/** How something stands, in a word with its sign. */
export function PillFrame({ tone, icon: Icon, word }: Props) {
  return (
    <span
      className={`flex shrink-0 items-center gap-1 rounded-full py-0.5 pr-2 pl-1.5 text-group font-medium ${TONES[tone]}`}
    >
      <Icon size={12} strokeWidth={2.5} aria-hidden="true" />
      {word}
    </span>
  )
}
