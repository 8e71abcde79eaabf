import type { PageTrick } from './trick.ts'

/** C52: something is laid over the toast, and lets the click through. */
export const COVER_TRICKS: readonly PageTrick[] = [
  { name: 'a popover over all of it', run: (_host, { toast }, { cover }) => cover(toast) },
  {
    name: 'a popover over its words, its button left free',
    run: (_host, { toast, save }, { cover }) => {
      cover({ ...toast, height: save.y - toast.y - 1 })
    },
  },
  {
    name: 'six pixels over the label of the button',
    run: (_host, { save }, { cover }) => {
      cover({ ...save, y: save.y + save.height / 2 - 3, height: 6 })
    },
  },
  {
    name: 'other words over the label of the button',
    run: (_host, { save }, { cover }) => {
      cover(save).textContent = 'Close'
    },
  },
  {
    name: 'a popover one can nearly see through',
    run: (_host, { toast }, { cover }) => cover(toast, 'opacity: 0.98'),
  },
  {
    name: 'the shadow of a small popover elsewhere',
    run: (_host, { toast }, { cover }) => {
      cover({ x: 0, y: 0, width: 1, height: 1 }, 'box-shadow: 0 0 0 3000px white')
      return toast
    },
  },
  {
    name: 'the outline of a small popover elsewhere',
    run: (_host, _places, { cover }) =>
      cover({ x: 0, y: 0, width: 1, height: 1 }, 'outline: 3000px solid white'),
  },
  {
    name: 'the drop shadow of a popover outside the window',
    run: (_host, { toast }, { cover }) =>
      cover({ ...toast, x: toast.x - 4000 }, 'filter: drop-shadow(4000px 0 0 white)'),
  },
  {
    name: 'what a popover blurs behind itself',
    run: (_host, { toast }, { cover }) =>
      cover(toast, 'background: none; backdrop-filter: blur(40px)'),
  },
  {
    name: 'what a popover brightens behind itself',
    run: (_host, { toast }, { cover }) =>
      cover(toast, 'background: none; backdrop-filter: brightness(40)'),
  },
  {
    name: 'a popover that blends with what is below it',
    run: (_host, { toast }, { cover }) => cover(toast, 'mix-blend-mode: screen'),
  },
  {
    name: 'the backdrop of an empty popover',
    run: (_host, _places, { css, cover }) => {
      css('[popover]::backdrop { background: white; pointer-events: none }')
      cover({ x: 0, y: 0, width: 1, height: 1 })
    },
  },
  {
    name: 'a modal dialog',
    run: (_host, _places, { css }) => {
      css('dialog::backdrop { background: white; pointer-events: none }')
      const dialog = document.createElement('dialog')
      document.body.append(dialog)
      dialog.showModal()
    },
  },
  {
    name: 'a modal dialog that has the toast inside and hides it',
    run: (host, _places, { css }) => {
      css('dialog { opacity: 0; filter: opacity(0) }')
      const dialog = document.createElement('dialog')
      document.body.append(dialog)
      dialog.append(host)
      dialog.showModal()
      host.style.setProperty('display', 'block', 'important')
    },
  },
  {
    name: 'a frame in a popover',
    run: (_host, { toast }, { cover }) => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<body style="background: white">'
      frame.style.cssText = 'width: 100%; height: 100%; border: 0; pointer-events: none'
      cover(toast).append(frame)
    },
  },
  {
    name: 'a picture that is drawn all the time',
    run: (_host, { toast }, { cover }) => {
      const canvas = document.createElement('canvas')
      cover(toast, 'overflow: hidden').append(canvas)
      const context = canvas.getContext('2d')
      const draw = () => {
        if (context) context.fillStyle = 'white'
        context?.fillRect(0, 0, 999, 999)
        requestAnimationFrame(draw)
      }
      draw()
    },
  },
  {
    name: 'a popover that holds on to the toast by an anchor',
    run: (host, _places, { cover }) => {
      host.style.setProperty('anchor-name', '--toast', 'important')
      cover(
        { x: 0, y: 0, width: 0, height: 0 },
        'position-anchor: --toast; inset: anchor(top) anchor(right) anchor(bottom) anchor(left); width: auto; height: auto',
      )
    },
  },
  {
    name: 'a popover that is animated over it',
    run: (_host, { toast }, { cover }) => {
      cover({ ...toast, x: toast.x - 3000 }).animate(
        [{ transform: 'none' }, { transform: 'translateX(3000px)' }],
        { duration: 30, fill: 'forwards' },
      )
    },
  },
  {
    name: 'a view transition that goes on',
    run: (_host, _places, { css }) => {
      css(`::view-transition { background: white; pointer-events: none }
        ::view-transition-group(*) { display: none }
        ::view-transition-group(*), ::view-transition-old(*) { animation-duration: 60s }`)
      document.startViewTransition(() => undefined)
    },
  },
  {
    name: 'the toast as a part of a view transition',
    run: (host, _places, { css }) => {
      host.style.setProperty('view-transition-name', 'toast', 'important')
      css(`::view-transition { pointer-events: none }
        ::view-transition-group(toast) { opacity: 0; animation-duration: 60s }`)
      document.startViewTransition(() => undefined)
    },
  },
  {
    name: 'an element in full screen',
    pressed: true,
    run: () => {
      const cover = document.createElement('div')
      cover.style.cssText = 'background: white; pointer-events: none'
      document.body.append(cover)
      addEventListener('click', () => void cover.requestFullscreen(), { once: true, capture: true })
    },
  },
  {
    name: 'a cover that goes away with the press',
    run: (_host, { toast }, { cover }) => {
      const element = cover(toast)
      addEventListener(
        'pointerdown',
        () => {
          element.remove()
        },
        true,
      )
    },
  },
  {
    name: 'a cover that goes away under the pointer',
    flickers: true,
    run: (_host, { toast }, { cover }) => {
      const element = cover(toast)
      addEventListener(
        'pointermove',
        () => {
          element.hidePopover()
          setTimeout(() => {
            element.showPopover()
          }, 30)
        },
        true,
      )
    },
  },
  {
    name: 'a cover that is gone for one frame in ten',
    flickers: true,
    run: (_host, { toast }, { cover }) => {
      const element = cover(toast)
      let frame = 0
      const draw = () => {
        element.style.opacity = frame % 10 === 0 ? '0' : '1'
        frame += 1
        requestAnimationFrame(draw)
      }
      draw()
    },
  },
]
