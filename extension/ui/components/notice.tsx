import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const LOOKS = {
  stop: { icon: CircleAlert, ink: 'text-stop', ground: 'bg-stop-soft' },
  warn: { icon: TriangleAlert, ink: 'text-warn', ground: 'bg-warn-soft' },
  go: { icon: CircleCheck, ink: 'text-go', ground: 'bg-go-soft' },
  plain: { icon: Info, ink: 'text-ink2', ground: 'bg-sunken' },
} as const

interface Props {
  readonly tone: keyof typeof LOOKS
  /** What happened. */
  readonly message: string
  /** What was not lost, and what to do. */
  readonly action?: string
  readonly children?: ReactNode
}

/** What happened and what to do about it, read out when it appears. */
export function Notice({ tone, message, action, children }: Props) {
  const { icon: Icon, ink, ground } = LOOKS[tone]
  return (
    <div
      role={tone === 'stop' ? 'alert' : 'status'}
      className={`appear flex gap-2 rounded-card p-3 ${ground}`}
    >
      <Icon size={17} className={`mt-px shrink-0 ${ink}`} aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{message}</p>
        {action !== undefined && <p className="text-ink2">{action}</p>}
        {children !== undefined && children !== false && (
          <div className="mt-2 flex flex-wrap gap-2">{children}</div>
        )}
      </div>
    </div>
  )
}
