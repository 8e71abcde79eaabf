import type { Clock } from '@valetkey/wallet/protocol'
import * as z from 'zod/mini'
import { browser } from './browser.ts'

const BRASS = '#a8761c'
const STOP = '#b3261e'
const BLINK_MS = 600
/** C21: a page that is refused over and over calls the person once in this time, whatever the reasons. */
const CALL_PAUSE_MS = 30_000
const NAME = 'ValetKey'
const ICON_SIZES = [16, 32, 48, 128] as const

/** What the toolbar icon shows. */
export interface Badge {
  /** Once per call. */
  blink(): void
  /** Something needs the person: shown until {@link Badge.clear}. Of many in a row, the first and the last. */
  call(title: string): void
  setPaused(paused: boolean): void
  /** The person has seen what called. */
  clear(): void
}

/** The badge outlives the worker, so what it stands for is kept as long: a wake must not wipe an unseen call. */
const factsSchema = z.strictObject({
  paused: z.boolean(),
  calling: z.nullable(z.string()),
  /** Unix ms of the last call, seen or not: whoever kills the worker must not call anew (C21). */
  calledAt: z.nullable(z.int()),
})
type Facts = z.infer<typeof factsSchema>
const FACTS = 'badge.facts'

/** The badge of the toolbar icon. Shows nothing new until it is told something. */
export function createBadge(clock: Clock): Badge {
  let facts = readFacts()
  const change = (part: Partial<Facts>): void => {
    facts = facts.then(async (before) => {
      const after = { ...before, ...part }
      // The text alone, where nothing changed: a worker that died mid-blink left its point behind.
      const shown = isSame(before, after) ? showTextOf(after) : keepAndShow(after)
      await shown.catch(() => undefined)
      return after
    })
  }
  let isBlinking = false
  const calls = createCalls({
    clock,
    calledAt: async () => (await facts).calledAt,
    callNow: (title) => {
      change({ calling: title, calledAt: clock() })
    },
  })
  return {
    blink() {
      // Twenty calls at once are one blink: each change costs the browser more than a call costs us.
      if (isBlinking) return
      isBlinking = true
      void facts.then(async (before) => {
        // A call in between must not hide what nobody has seen yet.
        if (textOf(before) === '') await showText('•', BRASS)
        setTimeout(() => {
          isBlinking = false
          change({})
        }, BLINK_MS)
      })
    },
    call(title) {
      calls.add(title)
    },
    setPaused(paused) {
      change({ paused })
    },
    clear() {
      calls.forget()
      change({ calling: null })
    },
  }
}

interface CallsPorts {
  readonly clock: Clock
  readonly calledAt: () => Promise<number | null>
  readonly callNow: (title: string) => void
}

/** Lets one call through in {@link CALL_PAUSE_MS}; of those it holds back, the newest at the end. */
function createCalls({ clock, calledAt, callNow }: CallsPorts): {
  add(title: string): void
  forget(): void
} {
  /** The call that is about to be, unless it is forgotten before. */
  let held: HeldCall | null = null
  const say = ({ first, newest }: HeldCall, isLate: boolean): void => {
    held = null
    callNow(isLate ? (newest ?? first) : first)
    if (!isLate && newest !== null) add(newest)
  }
  const sayWhenDue = async (own: HeldCall): Promise<void> => {
    const waitMs = waitAfter(await calledAt(), clock())
    if (held !== own) return
    if (waitMs <= 0) say(own, false)
    else own.timer = setTimeout(say, waitMs, own, true)
  }
  const add = (title: string): void => {
    if (held) {
      held.newest = title
      return
    }
    held = { first: title, newest: null }
    void sayWhenDue(held)
  }
  return {
    add,
    forget() {
      clearTimeout(held?.timer)
      held = null
    },
  }
}

interface HeldCall {
  readonly first: string
  newest: string | null
  timer?: ReturnType<typeof setTimeout>
}

/** Never longer than the pause: a clock set back must not silence the badge until it has caught up. */
function waitAfter(calledAt: number | null, nowMs: number): number {
  if (calledAt === null) return 0
  return Math.min(calledAt + CALL_PAUSE_MS - nowMs, CALL_PAUSE_MS)
}

async function readFacts(): Promise<Facts> {
  const stored = await browser.storage.session.get(FACTS).catch(() => undefined)
  const parsed = factsSchema.safeParse(stored?.[FACTS])
  return parsed.success ? parsed.data : { paused: false, calling: null, calledAt: null }
}

function isSame(one: Facts, other: Facts): boolean {
  return (
    one.paused === other.paused && one.calling === other.calling && one.calledAt === other.calledAt
  )
}

async function keepAndShow(facts: Facts): Promise<void> {
  await Promise.all([browser.storage.session.set({ [FACTS]: facts }), show(facts)])
}

async function show(facts: Facts): Promise<void> {
  const { paused, calling } = facts
  const folder = paused ? '/icon/paused' : '/icon'
  const title = calling ?? (paused ? 'paused' : null)
  await Promise.all([
    showTextOf(facts),
    browser.action.setTitle({ title: title === null ? NAME : `${NAME}: ${title}` }),
    browser.action.setIcon({
      path: Object.fromEntries(ICON_SIZES.map((size) => [size, `${folder}/${String(size)}.png`])),
    }),
  ])
}

function showTextOf(facts: Facts): Promise<void> {
  return showText(textOf(facts), facts.calling === null ? BRASS : STOP)
}

function textOf({ paused, calling }: Facts): string {
  if (calling !== null) return '!'
  return paused ? 'II' : ''
}

async function showText(text: string, color: string): Promise<void> {
  await Promise.all([
    browser.action.setBadgeBackgroundColor({ color }),
    browser.action.setBadgeText({ text }),
  ])
}
