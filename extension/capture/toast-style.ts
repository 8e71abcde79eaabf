/**
 * How the toast looks. C51: every property of the host is set where no style of the page reaches, and nothing
 * in it goes by a name the page could give a meaning to: no variable, no animation, no font but the system's.
 */
import { MARK_WIDTH } from './toast-mark.ts'

export const TOAST_WIDTH = 384

interface Colours {
  readonly paper: string
  readonly ink: string
  readonly faint: string
  readonly line: string
  readonly brass: string
  readonly stop: string
}

const LIGHT: Colours = {
  ...{ paper: '#fff', ink: '#16191d', faint: '#555d66', line: '#e2e2dc', brass: '#a8761c' },
  stop: '#b3261e',
}
const DARK: Colours = {
  ...{ paper: '#181b1f', ink: '#eceae4', faint: '#a8adb4', line: '#2b3036', brass: '#d9a94e' },
  stop: '#f08a80',
}

const coloured = ({ paper, ink, faint, line, brass, stop }: Colours): string => `
  .card { background: ${paper}; color: ${ink}; border-color: ${line}; }
  .mark { color: ${brass}; }
  .key, .more, .plain { color: ${faint}; }
  .refused .title, .failed .more { color: ${stop}; }
  .save { background: ${ink}; color: ${paper}; border-color: ${ink}; }
  button:focus-visible { outline-color: ${brass}; }
  .plain:hover { color: ${ink}; }
`

export const TOAST_CSS = `
:host {
  all: initial !important;
  direction: ltr !important;
  unicode-bidi: isolate !important;
  position: fixed !important;
  inset: 16px 16px auto auto !important;
  display: none !important;
  width: min(${TOAST_WIDTH}px, calc(100vw - 32px)) !important;
  margin: 0 !important;
  padding: 0 !important;
  border: 0 !important;
  background: transparent !important;
  overflow: visible !important;
  user-select: none !important;
  z-index: 2147483647 !important;
}
:host(:popover-open) { display: flex !important; }
:host::before, :host::after, :host::backdrop, :host::marker {
  content: none !important;
  display: none !important;
}
* { box-sizing: border-box; margin: 0; user-select: none; }
.card {
  flex: 1 1 auto;
  display: grid;
  grid-template-columns: ${MARK_WIDTH}px minmax(0, 1fr) 32px;
  column-gap: 10px;
  padding: 14px 10px 14px 14px;
  border: 1px solid;
  border-radius: 12px;
  box-shadow: 0 2px 4px rgb(0 0 0 / 8%), 0 12px 32px rgb(0 0 0 / 18%);
  font: 400 14px/20px system-ui, sans-serif;
  text-align: start;
}
.mark { width: ${MARK_WIDTH}px; height: ${MARK_WIDTH}px; }
.title { font-weight: 650; overflow-wrap: anywhere; }
.key { font: 12.5px/18px monospace; overflow-wrap: anywhere; }
.more { font-size: 12.5px; line-height: 18px; }
.more:empty, .key:empty { display: none; }
.answers { grid-column: 2 / -1; display: flex; flex-wrap: wrap; gap: 4px; margin-top: 10px; }
.answers:empty { display: none; }
button {
  min-height: 34px;
  min-width: 32px;
  padding: 0 12px;
  border: 1px solid transparent;
  border-radius: 8px;
  background: transparent;
  color: inherit;
  font: 600 13.5px/20px system-ui, sans-serif;
  cursor: pointer;
}
button:focus-visible { outline: 2px solid; outline-offset: 2px; }
.plain { font-weight: 550; }
.close { padding: 0; width: 32px; height: 32px; margin: -6px 0 0; display: grid; place-items: center; }
.close svg { width: 16px; height: 16px; }
${coloured(LIGHT)}
@media (prefers-color-scheme: dark) {
  ${coloured(DARK)}
}
@media (forced-colors: active) {
  button { border-color: ButtonText; }
}
`
