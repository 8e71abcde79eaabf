import { useEffect, useId, useState } from 'react'
import { browser } from '../../adapters/browser.ts'
import { MESSAGES } from '../messages.ts'
import { Notice } from './notice.tsx'
import { Switch } from './switch.tsx'

const PERMISSION = { permissions: ['notifications' as const] }

/** Whether the browser may show what is told of apps: a permission, asked for here and nowhere else. */
export function NotifySwitch() {
  const words = MESSAGES.apps.notify
  const hint = useId()
  const [isOn, setOn] = useState<boolean | null>(null)
  const [denied, setDenied] = useState(false)

  useEffect(() => {
    let current = true
    void browser.permissions.contains(PERMISSION).then((holds) => {
      if (current) setOn(holds)
    })
    return () => {
      current = false
    }
  }, [])

  const change = (wanted: boolean) => {
    // Within the click: the browser asks only inside the gesture.
    const changed = wanted
      ? browser.permissions.request(PERMISSION)
      : browser.permissions.remove(PERMISSION)
    setDenied(false)
    void changed.then(
      (did) => {
        if (did) setOn(wanted)
        setDenied(wanted && !did)
      },
      () => {
        setDenied(wanted)
      },
    )
  }

  return (
    <section className="mt-4 rounded-window bg-paper p-4 shadow-[0_0_0_1px_var(--line)]">
      <div className="flex items-center justify-between gap-3">
        <h2 className="font-bold">{words.title}</h2>
        <Switch
          name={words.name}
          describedBy={hint}
          checked={isOn === true}
          disabled={isOn === null}
          onChange={change}
        />
      </div>
      <p id={hint} className="text-ink2">
        {words.text}
      </p>
      {denied && (
        <div className="mt-2">
          <Notice tone="warn" message={words.denied} />
        </div>
      )}
      <p className="mt-2 text-small text-ink2">{MESSAGES.apps.shortcut}</p>
    </section>
  )
}
