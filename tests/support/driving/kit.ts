import type { Page } from 'puppeteer'
import { fill, press, textAt, waitFor } from './screens.ts'

/** A recovery kit as the screen shows it. */
export interface ShownKit {
  readonly accountId: string
  readonly secretKey: string
  readonly recoveryKey: string
}

/** Reads the kit on the screen. */
async function shownKit(page: Page): Promise<ShownKit> {
  return {
    secretKey: await textAt(page, '[data-testid="secret-key"]'),
    recoveryKey: await textAt(page, '[data-testid="recovery-key"]'),
    accountId: await textAt(page, '[data-testid="account"]'),
  }
}

/** Reads the kit on the screen and goes on to its quiz. */
export async function openQuiz(page: Page): Promise<ShownKit> {
  const kit = await shownKit(page)
  await press(page, 'button', 'I kept it')
  return kit
}

/** What the quiz asks for: the labels of its boxes, and the right answers. */
export async function quizAnswers(
  page: Page,
  kit: ShownKit,
): Promise<readonly (readonly [label: string, answer: string])[]> {
  const labels = await waitFor(page, 'quiz', async () => {
    const texts = await page.$$eval('form label', (found) => found.map((one) => one.textContent))
    return texts.length === 2 ? texts : null
  })
  return labels.map((label) => {
    const part = Number(/part (\d)/.exec(label)?.[1])
    const key = label.startsWith('Secret') ? kit.secretKey : kit.recoveryKey
    return [label, key.split('-')[part] ?? '']
  })
}

/** Passes the quiz of the kit on the screen. @returns that kit */
export async function keepKit(page: Page): Promise<ShownKit> {
  const kit = await openQuiz(page)
  for (const [label, answer] of await quizAnswers(page, kit)) await fill(page, label, answer)
  await press(page, 'button', 'Go on')
  return kit
}

/** Types a new passphrase twice and goes on, also where it is called a weak one. */
export async function choosePassphrase(
  page: Page,
  passphrase: string,
  words: { readonly label: string; readonly submit: string },
): Promise<void> {
  await fill(page, words.label, passphrase)
  await fill(page, `${words.label} again`, passphrase)
  await press(page, 'button', words.submit)
  // The question takes the button's place; without one the button stays, or what it led to is there.
  const isWeak = await waitFor(page, 'answer to the passphrase', () =>
    page.evaluate((submit) => {
      const buttons = [...document.querySelectorAll('button')]
      if (buttons.some(({ textContent }) => textContent === 'Use it anyway')) return true
      const button = buttons.find(({ textContent }) => textContent === submit)
      const isBusy =
        button?.disabled === true &&
        document.querySelector('form [role="status"]')?.textContent !== ''
      return !button || isBusy || document.querySelector('[role="alert"]') ? false : null
    }, words.submit),
  )
  if (isWeak) await press(page, 'button', 'Use it anyway')
}
