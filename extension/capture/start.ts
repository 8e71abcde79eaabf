import { dashboardAt, type Dashboard } from '@valetkey/wallet/capture'
import type { CaptureReply } from '@valetkey/wallet/protocol'
import { listenToCopies } from './copies.ts'
import { Offers, type Send } from './offers.ts'
import { PageNames } from './page-name.ts'
import { focusedElement } from './places.ts'
import { RevokedRows } from './revoked-rows.ts'
import { Watcher } from './watcher.ts'

const MARK = Symbol.for('valetkey.capture')

/** The property TypeScript's DOM does not know yet. */
interface PrerenderingDocument extends Document {
  readonly prerendering?: boolean
}

/** Watches this document, if it is the page of a dashboard at its exact origin (C56). */
export function startCapture(): void {
  // Match patterns know neither ports nor the dot at the end of a host.
  const dashboard = dashboardAt(location.origin)
  if (MARK in globalThis || dashboard === null || window.top !== window) return
  if ((document as PrerenderingDocument).prerendering === true) {
    document.addEventListener('prerenderingchange', startCapture, { once: true })
    return
  }
  Object.defineProperty(globalThis, MARK, { value: true })
  watch(dashboard)
}

function watch(dashboard: Dashboard): void {
  const { provider, copyOnly } = dashboard
  const names = new PageNames()
  const offers = new Offers(dashboard, names, send)
  const rows = new RevokedRows((masks) => {
    void send({ type: 'capture.revoked', masks: [...masks] }).catch(() => undefined)
  })
  const watcher = new Watcher({
    provider,
    onSighting: ({ key, storable, element }) => {
      offers.make({ key, storable, element, via: 'page' })
    },
    onShortText: (node) => {
      rows.note(node)
    },
    onTyped: (field) => {
      names.note(field)
    },
  })
  watcher.start()
  if (copyOnly) {
    listenToCopies(provider, ({ key, storable }) => {
      offers.make({ key, storable, element: focusedElement(), via: 'copy' })
    })
  }
}

const send: Send = (message) => chrome.runtime.sendMessage<unknown, CaptureReply>(message)
