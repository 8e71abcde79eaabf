/**
 * aistudio.google.com: web components. The list stands in an open shadow root and tells the whole key only
 * to its copy button; the dialog after creation stands in a closed one.
 */
import { listKeys, makeKey, revokeKey, tellSecret, type ListedKey } from './key-client.ts'

class KeyList extends HTMLElement {
  readonly #root = this.attachShadow({ mode: 'open' })

  connectedCallback(): void {
    void listKeys().then((keys) => {
      this.#draw(keys)
    })
  }

  #draw(keys: readonly ListedKey[]): void {
    const create = button('Create API key', () => {
      this.#ask()
    })
    create.className = 'primary'
    const rows = keys.map(({ id, name, masked, revoked }) => {
      const row = element('li', 'row')
      row.append(
        element('span', '', name),
        element('code', '', masked),
        element('span', '', revoked ? 'Deleted' : 'Active'),
      )
      const copy = button('Copy', () => {
        void tellSecret(id).then(({ secret }) => navigator.clipboard.writeText(secret))
      })
      copy.setAttribute('aria-label', `Copy ${name}`)
      const remove = button('Delete', () => {
        void revokeKey(id).then((left) => {
          this.#draw(left)
        })
      })
      remove.setAttribute('aria-label', `Delete ${name}`)
      row.append(copy, remove)
      return row
    })
    const list = element('ul', '')
    list.append(...rows)
    this.#root.replaceChildren(styles(), create, list)
  }

  #ask(): void {
    const name = element('input', '')
    name.setAttribute('aria-label', 'Name')
    const form = element('form', 'row')
    const submit = element('button', 'primary', 'Create key')
    form.append(name, submit)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void makeKey(name.value).then(async ({ secret }) => {
        this.#draw(await listKeys())
        document.body.append(new KeyDialog(secret))
      })
    })
    this.#root.append(form)
    name.focus()
  }
}

class KeyDialog extends HTMLElement {
  constructor(secret: string) {
    super()
    const root = this.attachShadow({ mode: 'closed' })
    const box = element('div', 'modal')
    box.setAttribute('role', 'dialog')
    box.append(
      element('h2', '', 'API key generated'),
      element('p', '', 'Use your API keys securely. Do not share them or embed them in code.'),
      element('div', 'key', secret),
      button('Copy', () => void navigator.clipboard.writeText(secret)),
      button('Close', () => {
        this.remove()
      }),
    )
    const overlay = element('div', 'overlay')
    overlay.append(box)
    root.append(styles(), overlay)
  }
}

/** Defines the elements and puts the list into the page. */
export function showGoogleKeys(root: HTMLElement): void {
  customElements.define('ms-api-keys', KeyList)
  customElements.define('ms-api-key-dialog', KeyDialog)
  const main = element('main', '')
  main.append(element('h1', '', 'API keys'), document.createElement('ms-api-keys'))
  root.append(main)
}

function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  className: string,
  text = '',
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

function button(text: string, press: () => void): HTMLButtonElement {
  const made = element('button', '', text)
  made.type = 'button'
  made.addEventListener('click', press)
  return made
}

function styles(): HTMLElement {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = '/dashboards.css'
  return link
}
