/** Answers questions about single calls while something is measured: what no price bounds is asked about. */
import type { Page } from 'puppeteer'

export interface ConsentAnswers {
  stop(): Promise<void>
}

/** @param window one of our own windows: it sees what the worker asks, and answers as a window does */
export async function answerEveryConsent(window: Page): Promise<ConsentAnswers> {
  await window.evaluate(() => {
    const answered = new Set<string>()
    const answer = async (id: string, terms: unknown): Promise<void> => {
      // Its window is still being drawn: that work must not fall into the call.
      await new Promise((resolve) => setTimeout(resolve, 300))
      const params = { id, decision: 'allow', terms }
      await chrome.runtime.sendMessage({ method: 'consent.decide', params })
    }
    const listener = (changes: Record<string, chrome.storage.StorageChange>): void => {
      const change = changes['consents']
      if (!change) return
      const pending = (change.newValue ?? []) as {
        readonly id: string
        readonly windowId: number | null
        readonly terms?: unknown
      }[]
      for (const { id, windowId, terms } of pending) {
        if (windowId !== null && !answered.has(id)) {
          answered.add(id)
          void answer(id, terms)
        }
      }
    }
    chrome.storage.session.onChanged.addListener(listener)
    Object.assign(globalThis, {
      stopAnswering: () => {
        chrome.storage.session.onChanged.removeListener(listener)
      },
    })
  })
  return {
    stop: () =>
      window.evaluate(() => {
        ;(globalThis as unknown as { stopAnswering: () => void }).stopAnswering()
      }),
  }
}
