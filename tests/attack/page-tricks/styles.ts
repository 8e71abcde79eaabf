import type { PageTrick } from './trick.ts'

const styled = (on: 'toast' | 'page', ...declarations: readonly string[]): PageTrick[] =>
  declarations.map((declaration) => {
    const [property = '', value = ''] = declaration.split(': ')
    return { name: `${declaration} on the ${on}`, style: { on, property, value } }
  })

/** C51: the toast is made invisible, small or unreadable, or put elsewhere. */
export const STYLE_TRICKS: readonly PageTrick[] = [
  ...styled(
    'toast',
    'opacity: 0',
    'filter: opacity(0)',
    'filter: blur(30px)',
    'mask-image: linear-gradient(transparent, transparent)',
    'clip-path: inset(100%)',
    'clip-path: inset(0 0 0 60%)',
    'transform: scale(0.02)',
    'translate: -3000px',
    'zoom: 0.1',
    'mix-blend-mode: screen',
    'visibility: hidden',
    'display: none',
    'content-visibility: hidden',
    'pointer-events: none',
    'width: 4px',
    'top: 5000px',
    'color: transparent',
  ),
  ...styled(
    'page',
    'opacity: 0',
    'filter: opacity(0)',
    'mask-image: linear-gradient(transparent, transparent)',
    'clip-path: circle(0)',
    'transform: translateX(-3000px)',
    'zoom: 0.1',
    'zoom: 8',
    'mix-blend-mode: screen',
    'display: none',
    'content-visibility: hidden',
    '-webkit-text-fill-color: transparent',
    '-webkit-text-security: disc',
    'font-size: 1px',
    'letter-spacing: -1em',
    'text-indent: -900px',
  ),
  {
    name: 'an animation of the toast',
    run: (host) =>
      host.animate([{ opacity: 0 }, { opacity: 0 }], { duration: 1e6, fill: 'forwards' }),
  },
  {
    name: 'an animation of the page',
    run: () =>
      document.documentElement.animate([{ opacity: 0 }, { opacity: 0 }], {
        ...{ duration: 1e6, fill: 'forwards' },
      }),
  },
  {
    name: 'a transition of the toast that takes forever',
    run: (host, _places, { css }) => {
      css('valetkey-toast { transition: all 1000s !important; opacity: 0 !important }')
      host.hidePopover()
      host.showPopover()
    },
  },
  {
    name: 'fonts of the page under the names of common ones',
    run: (_host, _places, { css }) => {
      for (const family of ['system-ui', 'sans-serif', 'Segoe UI', 'Arial', 'Inter', 'Roboto']) {
        css(`@font-face { font-family: "${family}"; src: local("DejaVu Sans"); size-adjust: 1% }`)
      }
    },
  },
  {
    name: 'the toast out of the top layer, and the page masked',
    run: (host) => {
      host.hidePopover()
      host.style.setProperty('display', 'block', 'important')
      document.documentElement.style.maskImage = 'linear-gradient(transparent, transparent)'
    },
  },
  {
    name: 'the toast without its popover attribute, in a masked page',
    run: (host) => {
      host.removeAttribute('popover')
      document.documentElement.style.maskImage = 'linear-gradient(transparent, transparent)'
    },
  },
  {
    name: 'the toast moved into an invisible element',
    run: (host) => {
      const box = document.createElement('div')
      box.style.cssText = 'opacity: 0; position: fixed; inset: 0'
      document.body.append(box)
      box.append(host)
      host.style.setProperty('display', 'block', 'important')
    },
  },
  {
    name: 'the toast moved into an invisible element, and shown again',
    run: (host) => {
      const box = document.createElement('div')
      box.style.cssText = 'mask-image: linear-gradient(transparent, transparent); zoom: 0.1'
      document.body.append(box)
      box.append(host)
      host.setAttribute('popover', 'manual')
      host.showPopover()
    },
  },
  {
    name: 'the toast moved with moveBefore, which keeps it in the top layer',
    run: (host) => {
      const box = document.createElement('div')
      box.style.cssText = 'opacity: 0; filter: opacity(0); zoom: 0.1'
      document.body.append(box)
      ;(box as unknown as { moveBefore(node: Node, child: null): void }).moveBefore(host, null)
    },
  },
  {
    name: 'the toast taken out and put back',
    run: (host, places, { cover }) => {
      host.remove()
      document.body.prepend(host)
      cover(places.toast)
    },
  },
  {
    name: 'the toast in a shadow root that has no place for it',
    run: (host) => {
      const box = document.createElement('div')
      document.body.append(box)
      box.attachShadow({ mode: 'open' })
      box.append(host)
    },
  },
  {
    name: 'the toast inert',
    run: (host) => {
      host.inert = true
      document.documentElement.inert = true
    },
  },
  {
    name: 'a new root element over the old one',
    run: (host) => {
      const root = document.createElement('html')
      root.style.cssText = 'opacity: 0; mask-image: linear-gradient(transparent, transparent)'
      document.documentElement.replaceWith(root)
      root.append(host)
      host.style.setProperty('display', 'block', 'important')
    },
  },
  {
    name: 'the toast closed and opened all the time',
    flickers: true,
    run: (host) => {
      host.hidePopover()
      setInterval(() => {
        host.showPopover()
        host.hidePopover()
      }, 4)
    },
  },
  {
    name: 'the toast shown for the moment of the click alone',
    flickers: true,
    run: (host) => {
      host.hidePopover()
      addEventListener(
        'pointerdown',
        () => {
          host.showPopover()
        },
        true,
      )
      addEventListener(
        'pointermove',
        () => {
          host.showPopover()
          setTimeout(() => {
            host.hidePopover()
          }, 5)
        },
        true,
      )
    },
  },
]
