import { browser } from './browser.ts'

const BRASS = '#a8761c'
const STOP = '#b3261e'
const BLINK_MS = 600

/** What the toolbar icon shows. */
export interface Badge {
  /** Once per call. */
  blink(): void
  /** Something needs the person: shown until the popup was opened. */
  call(title: string): void
  setPaused(paused: boolean): void
  clear(): void
}

export function createBadge(): Badge {
  let resting = ''
  const show = (text: string, color: string): void => {
    void browser.action.setBadgeBackgroundColor({ color })
    void browser.action.setBadgeText({ text })
  }
  return {
    blink() {
      show('•', BRASS)
      setTimeout(() => {
        show(resting, BRASS)
      }, BLINK_MS)
    },
    call(title) {
      resting = '!'
      show('!', STOP)
      void browser.action.setTitle({ title: `ValetKey: ${title}` })
    },
    setPaused(paused) {
      resting = paused ? 'II' : ''
      show(resting, BRASS)
    },
    clear() {
      if (resting !== '!') return
      resting = ''
      show('', BRASS)
      void browser.action.setTitle({ title: 'ValetKey' })
    },
  }
}
