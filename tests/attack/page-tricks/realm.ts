import type { PageTrick } from './trick.ts'

/** C53: nobody presses anything, or presses a key that the page has led to the toast. */
export const SYNTHETIC_TRICKS: readonly PageTrick[] = [
  {
    name: 'click() on the toast',
    run: (host) => {
      host.click()
    },
  },
  {
    name: 'events of the pointer made by a script',
    run: (host, { save }) => {
      const at = {
        clientX: save.x + 5,
        clientY: save.y + 5,
        bubbles: true,
        composed: true,
        detail: 1,
      }
      for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
        const event = type.startsWith('pointer')
          ? new PointerEvent(type, { ...at, isPrimary: true, pointerType: 'mouse' })
          : new MouseEvent(type, at)
        host.dispatchEvent(event)
        document.elementFromPoint(at.clientX, at.clientY)?.dispatchEvent(event)
      }
    },
  },
  {
    name: 'events of the keyboard made by a script',
    run: (host) => {
      host.focus()
      for (const key of ['Enter', ' ']) {
        for (const type of ['keydown', 'keypress', 'keyup']) {
          const options = { key, bubbles: true, composed: true }
          host.dispatchEvent(new KeyboardEvent(type, options))
          document.activeElement?.dispatchEvent(new KeyboardEvent(type, options))
        }
      }
    },
  },
  {
    name: 'the focus given to the toast, before Enter is pressed',
    run: (host) => {
      host.focus()
    },
  },
  {
    name: 'a toast that can take the focus, before Enter is pressed',
    run: (host) => {
      host.tabIndex = 0
      host.focus()
    },
  },
  {
    name: 'autofocus on the toast, shown again',
    run: (host) => {
      host.setAttribute('autofocus', '')
      host.tabIndex = 0
      host.hidePopover()
      host.showPopover()
    },
  },
  {
    name: 'an access key and a label for the toast',
    run: (host) => {
      host.id = 'toast'
      host.accessKey = 's'
      const label = document.createElement('label')
      label.htmlFor = 'toast'
      document.body.append(label)
      label.click()
    },
  },
]

/** C53: the page has prepared its own world for the toast, to reach into it or to be told of it. */
export const REALM_TRICKS: readonly PageTrick[] = [
  {
    name: 'a class of the page for the toast’s element, which asks for its shadow root',
    prepare: () => {
      class Taken extends HTMLElement {
        constructor() {
          super()
          const internals = this.attachInternals()
          setInterval(() => {
            const root = internals.shadowRoot
            for (const one of root?.querySelectorAll<HTMLElement>('*') ?? [])
              one.style.opacity = '0'
          }, 10)
        }
      }
      customElements.define('valetkey-toast', Taken)
    },
  },
  {
    name: 'a class for the toast’s element once it is there',
    run: () => {
      class Taken extends HTMLElement {
        constructor() {
          super()
          const root = this.attachInternals().shadowRoot
          for (const one of root?.querySelectorAll<HTMLElement>('*') ?? []) one.style.opacity = '0'
        }
      }
      customElements.define('valetkey-toast', Taken)
    },
  },
  {
    name: 'a shadow root of its own in the toast’s element',
    prepare: () => {
      class Taken extends HTMLElement {
        constructor() {
          super()
          this.attachShadow({ mode: 'open' }).innerHTML = '<slot></slot>'
        }
      }
      customElements.define('valetkey-toast', Taken)
    },
  },
  {
    name: 'attachShadow that opens every root',
    prepare: () => {
      const attachShadow = Element.prototype.attachShadow
      Element.prototype.attachShadow = function (this: Element) {
        const root = attachShadow.call(this, { mode: 'open' })
        const style = document.createElement('style')
        style.textContent = '* { opacity: 0 !important }'
        root.append(style)
        return root
      }
    },
  },
  {
    name: 'every method of elements, documents and events replaced',
    prepare: () => {
      const classes = [Element, HTMLElement, Node, EventTarget, Document, DocumentFragment, Event]
      for (const { prototype } of classes) {
        const names = Object.getOwnPropertyNames(prototype)
        for (const name of names.filter((one) =>
          /^(append|show|hide|matches|check|get|add)/.test(one),
        )) {
          Object.defineProperty(prototype, name, { configurable: true, value: () => true })
        }
      }
      Object.defineProperty(Event.prototype, 'isTrusted', { value: true })
      Object.assign(globalThis, {
        IntersectionObserver: class {
          observe = () => undefined
        },
      })
    },
    run: (host) => {
      host.style.setProperty('opacity', '0', 'important')
    },
  },
  {
    name: 'no popover may open',
    prepare: () => {
      addEventListener(
        'beforetoggle',
        (event) => {
          event.preventDefault()
        },
        true,
      )
      document.documentElement.style.opacity = '0'
    },
  },
  {
    name: 'the toast moved as soon as it is put into the page',
    prepare: () => {
      new MutationObserver(() => {
        const host = document.querySelector<HTMLElement>('valetkey-toast')
        if (!host || host.parentElement?.id === 'hidden') return
        const box = document.createElement('div')
        box.id = 'hidden'
        box.style.cssText = 'opacity: 0; position: fixed; inset: 0'
        document.body.append(box)
        box.append(host)
        host.style.setProperty('display', 'block', 'important')
      }).observe(document, { childList: true, subtree: true })
    },
  },
  {
    name: 'the toast’s own animations, as a way in',
    prepare: () => {
      setInterval(() => {
        const host = document.querySelector('valetkey-toast')
        const animations = [
          ...document.getAnimations(),
          ...(host?.getAnimations({ subtree: true }) ?? []),
        ]
        for (const { effect } of animations) {
          const target = effect instanceof KeyframeEffect ? effect.target : null
          const root = target?.getRootNode()
          if (!(root instanceof ShadowRoot)) continue
          for (const one of root.querySelectorAll<HTMLElement>('*')) one.style.opacity = '0'
        }
      }, 5)
    },
  },
  {
    name: 'other toasts of the page',
    run: (host) => {
      host.style.setProperty('opacity', '0', 'important')
      for (let copy = 0; copy < 3; copy++) {
        const other = document.createElement('valetkey-toast')
        other.popover = 'manual'
        other.textContent = 'ValetKey'
        document.body.append(other)
        other.showPopover()
      }
    },
  },
  {
    name: 'the document written anew',
    run: (host) => {
      document.open()
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- pages do it all the same
      document.write('<body style="opacity: 0"></body>')
      document.close()
      document.body.append(host)
      host.style.setProperty('display', 'block', 'important')
    },
  },
]
