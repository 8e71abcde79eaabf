/** What the toast shows. */
import { drawCross, drawMark } from './toast-mark.ts'
import { WORDS } from './words.ts'

export type ToastState =
  | {
      readonly kind: 'offer'
      readonly provider: string
      readonly mask: string
      readonly copied: boolean
    }
  | { readonly kind: 'refused'; readonly provider: string; readonly mask: string }
  | { readonly kind: 'asked'; readonly mask: string }
  | {
      readonly kind: 'failed'
      readonly provider: string
      readonly mask: string
      readonly why: string
    }

interface Shown {
  readonly title: string
  readonly more: string
  readonly hasSave: boolean
}

export interface ToastView {
  readonly card: HTMLElement
  readonly save: HTMLButtonElement
  show(state: ToastState): void
}

/** @param page the document the toast is made in: one without a window, so that no page can take part */
export function createToastView(
  page: Document,
  { onSave, onClose }: { onSave: (event: MouseEvent) => void; onClose: () => void },
): ToastView {
  const card = element(page, 'div', 'card')
  card.setAttribute('role', 'region')
  card.setAttribute('aria-label', WORDS.product)
  const said = element(page, 'div', 'said')
  said.setAttribute('role', 'status')
  said.setAttribute('aria-live', 'polite')
  const [title, key, more] = ['title', 'key', 'more'].map((name) => element(page, 'div', name)) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ]
  said.append(title, key, more)
  const answers = element(page, 'div', 'answers')
  const save = button(page, 'save', WORDS.save)
  const leave = button(page, 'plain', WORDS.leave)
  const close = button(page, 'plain close', '')
  close.setAttribute('aria-label', WORDS.close)
  close.append(drawCross(page))
  card.append(drawMark(page), said, close, answers)
  save.addEventListener('click', onSave)
  for (const one of [leave, close]) {
    one.addEventListener('click', ({ isTrusted }) => {
      if (isTrusted) onClose()
    })
  }
  return {
    card,
    save,
    show(state) {
      const shown = wordsOf(state)
      card.className = `card ${state.kind}`
      title.textContent = shown.title
      key.textContent = state.mask
      more.textContent = shown.more
      answers.replaceChildren(...(shown.hasSave ? [save, leave] : []))
    },
  }
}

function wordsOf(state: ToastState): Shown {
  switch (state.kind) {
    case 'offer':
      return {
        title: WORDS.question(state.provider),
        more: state.copied ? WORDS.copied : '',
        hasSave: true,
      }
    case 'refused':
      return { title: WORDS.refused(state.provider), more: WORDS.refusedMore, hasSave: false }
    case 'asked':
      return { title: WORDS.asked, more: WORDS.askedMore, hasSave: false }
    case 'failed':
      return { title: WORDS.question(state.provider), more: state.why, hasSave: true }
  }
}

function element(page: Document, name: 'div', className: string): HTMLElement {
  const made = page.createElement(name)
  made.className = className
  return made
}

function button(page: Document, className: string, text: string): HTMLButtonElement {
  const made = page.createElement('button')
  made.type = 'button'
  made.className = className
  made.textContent = text
  return made
}
