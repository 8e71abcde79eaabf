/**
 * What a dashboard that was taken over may do to a toast it can style, cover and move, so that a person
 * presses “Save” without seeing it (security F11, F12). Each runs in the page's own world.
 */

interface Spot {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where the toast and its button stand before the trick. */
export interface Places {
  readonly toast: Spot
  readonly save: Spot
}

/** What every trick may use; made in the page. */
export interface Tools {
  css(text: string): void
  /** Puts an element into the top layer, over a spot, and lets clicks through it. */
  cover(spot: Spot, style?: string): HTMLElement
}

export interface PageTrick {
  readonly name: string
  /** Runs before any script of the page. */
  readonly prepare?: () => void
  /** Declarations, as strong as a page can make them: on the toast's element, or on all around it. */
  readonly style?: { readonly on: 'toast' | 'page'; readonly [property: string]: string }
  /** Runs once the toast is there. */
  readonly run?: (host: HTMLElement, places: Places, tools: Tools) => unknown
  /** The page has the person press something else first: some doors open only then. */
  readonly pressed?: true
  /** The toast comes and goes: whatever the picture of one moment shows, nobody could read it. */
  readonly flickers?: true
}

export function makeTools(): Tools {
  return {
    css(text) {
      const style = document.createElement('style')
      style.textContent = text
      document.head.append(style)
    },
    cover({ x, y, width, height }, style = '') {
      const cover = document.createElement('div')
      cover.popover = 'manual'
      cover.style.cssText = `position: fixed; inset: auto; left: ${x}px; top: ${y}px; width: ${width}px;
        height: ${height}px; margin: 0; border: 0; padding: 0; background: white; pointer-events: none;
        ${style}`
      document.body.append(cover)
      cover.showPopover()
      return cover
    },
  }
}
