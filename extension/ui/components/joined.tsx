import { DEVICE_WORDS } from '../messages/devices.ts'
import { linkTo } from '../hooks/use-route.ts'
import type { JoinWay } from './join.tsx'
import { WelcomeFrame } from './welcome-frame.tsx'

/** The vault of the other devices is here. */
export function Joined({ by }: { readonly by: JoinWay }) {
  const words = DEVICE_WORDS.join.done
  return (
    <WelcomeFrame title={words.title} text={words[by]} takesFocus>
      <a
        href={`/dashboard.html${linkTo(by === 'pair' ? 'keys' : 'devices')}`}
        className="mt-4 flex min-h-9 items-center justify-center rounded-control bg-ink px-3.5 py-1 font-medium text-paper hover:opacity-90"
      >
        {words.open}
      </a>
    </WelcomeFrame>
  )
}
